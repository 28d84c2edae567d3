package awsapi

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"drover/rehearsal/lab/cloud/policy"
	"drover/rehearsal/lab/world"
)

const (
	parameterType = "aws_ssm_parameter"
	secure        = "SecureString"
	// the standard tier's limit, https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html
	longestValue = 4096
)

func (a *API) systemsManager(c *call) *fault {
	_, operation, found := strings.Cut(c.request.Header.Get("X-Amz-Target"), ".")
	c.operation = operation
	if !found {
		return c.unknownOperation(c.request.Header.Get("X-Amz-Target"))
	}
	switch operation {
	case "GetParameter":
		return a.getParameter(c)
	case "PutParameter":
		return a.putParameter(c)
	}
	return c.unknownOperation(operation)
}

func (c *call) decode(into any) *fault {
	if err := json.Unmarshal(c.body, into); err != nil {
		return refusal(http.StatusBadRequest, "SerializationException", "%s", err)
	}
	return nil
}

func (a *API) parameterARN(c *call, name string) string {
	partition := strings.SplitN(c.caller.principal.Role, ":", 3)[1]
	return "arn:" + partition + ":ssm:" + c.region + ":" + c.caller.principal.Account + ":parameter/" + strings.TrimPrefix(name, "/")
}

func (a *API) getParameter(c *call) *fault {
	var input struct {
		Name           string
		WithDecryption bool
	}
	if problem := c.decode(&input); problem != nil {
		return problem
	}
	arn := a.parameterARN(c, input.Name)
	if problem := a.authorize(c, act{action: "ssm:GetParameter", resource: arn}); problem != nil {
		return problem
	}
	found, err := a.Estate.Regional(parameterType, c.region, input.Name)
	if err != nil {
		return c.internal(err)
	}
	if found == nil || a.HidesSecret != nil && a.HidesSecret(input.Name) {
		return refusal(http.StatusBadRequest, "ParameterNotFound", "").because(input.Name)
	}
	value := parameterValue(found)
	kind := world.Text(found, "type")
	if kind == secure {
		if !input.WithDecryption {
			value = base64.StdEncoding.EncodeToString(a.Sealer.Derive("ciphertext", value))
		} else if problem := a.useParameterKey(c, "kms:Decrypt", world.Text(found, "key_id"), arn); problem != nil {
			return problem
		}
	}
	writeJSON(c.writer, http.StatusOK, map[string]any{"Parameter": map[string]any{
		"ARN": arn, "DataType": "text", "LastModifiedDate": float64(time.Now().Unix()), "Name": input.Name,
		"Type": kind, "Value": value, "Version": parameterVersion(found),
	}})
	return nil
}

type putParameterInput struct {
	Name      string
	Value     string
	Type      string
	KeyID     string `json:"KeyId"`
	Overwrite bool
}

func (a *API) putParameter(c *call) *fault {
	var input putParameterInput
	if problem := c.decode(&input); problem != nil {
		return problem
	}
	arn := a.parameterARN(c, input.Name)
	if problem := a.authorize(c, act{action: "ssm:PutParameter", resource: arn, context: policy.Context{
		"ssm:Overwrite": {strconv.FormatBool(input.Overwrite)},
	}}); problem != nil {
		return problem
	}
	if input.Value == "" || len(input.Value) > longestValue {
		return refusal(http.StatusBadRequest, "ValidationException",
			"Standard tier parameters support a maximum parameter value of %d characters; got %d", longestValue, len(input.Value))
	}
	a.parameters.Lock()
	defer a.parameters.Unlock()
	existing, err := a.Estate.Regional(parameterType, c.region, input.Name)
	if err != nil {
		return c.internal(err)
	}
	if existing != nil && !input.Overwrite {
		return alreadyExists()
	}
	kind, key := input.Type, input.KeyID
	if existing != nil {
		kind, key = firstOf(kind, world.Text(existing, "type")), firstOf(key, world.Text(existing, "key_id"))
	}
	if kind == "" {
		return refusal(http.StatusBadRequest, "ValidationException", "A parameter type is required when you create a parameter.")
	}
	if kind == secure {
		if problem := a.useParameterKey(c, "kms:Encrypt", key, arn); problem != nil {
			return problem
		}
	}
	if existing == nil {
		existing, err = a.createParameter(c, input, arn)
	} else {
		err = a.overwriteParameter(c, existing, input)
	}
	if errors.Is(err, world.ErrExists) {
		return alreadyExists()
	}
	if err != nil {
		return c.internal(err)
	}
	writeJSON(c.writer, http.StatusOK, map[string]any{"Tier": "Standard", "Version": parameterVersion(existing)})
	return nil
}

func alreadyExists() *fault {
	return refusal(http.StatusBadRequest, "ParameterAlreadyExists",
		"The parameter already exists. To overwrite this value, set the overwrite option in the request to true.")
}

func (a *API) createParameter(c *call, input putParameterInput, arn string) (*world.Object, error) {
	attributes := map[string]any{
		"id": input.Name, "name": input.Name, "type": input.Type, "value": input.Value, "tier": "Standard",
		"data_type": "text", "version": json.Number("1"), "arn": arn, "region": c.region,
	}
	if input.KeyID != "" {
		attributes["key_id"] = input.KeyID
	}
	out := &world.Object{Type: parameterType, ID: input.Name, Scope: c.region, Attrs: attributes}
	return out, a.Estate.World.Create(out)
}

// overwriteParameter leaves what Terraform knows, apart from a value that it reads back.
func (a *API) overwriteParameter(c *call, existing *world.Object, input putParameterInput) error {
	if input.Type != "" {
		existing.Attrs["type"] = input.Type
	}
	if changed, err := a.isAnotherKey(c.region, world.Text(existing, "key_id"), input.KeyID); err != nil {
		return err
	} else if changed {
		existing.Attrs["key_id"] = input.KeyID
	}
	version := parameterVersion(existing) + 1
	if existing.Live == nil {
		existing.Live = map[string]any{}
	}
	existing.Live["version"] = json.Number(strconv.Itoa(version))
	if _, writeOnly := existing.Secrets["value_wo"]; writeOnly {
		existing.Secrets["value_wo"] = input.Value
	} else {
		existing.Attrs["value"] = input.Value
	}
	return a.Estate.World.Put(existing)
}

func (a *API) isAnotherKey(region, before, after string) (bool, error) {
	if after == "" || after == before {
		return false, nil
	}
	old, err := a.Estate.Key(region, before)
	if err != nil || old == nil {
		return true, err
	}
	wanted, err := a.Estate.Key(region, after)
	return wanted == nil || wanted.ID != old.ID, err
}

// useParameterKey asks for the key of a secure parameter. The account's own key for parameters lets everyone in.
func (a *API) useParameterKey(c *call, action, name, parameter string) *fault {
	if name == "" || strings.HasSuffix(name, "alias/aws/ssm") {
		return nil
	}
	key, err := a.Estate.Key(c.region, name)
	if err != nil {
		return c.internal(err)
	}
	if key == nil {
		return refusal(http.StatusBadRequest, "InvalidKeyId", "Key '%s' does not exist in %s", name, c.region)
	}
	return a.authorizeKey(c, action, key, policy.Context{"kms:EncryptionContext:PARAMETER_ARN": {parameter}})
}

func parameterValue(o *world.Object) string {
	if value, found := o.Secrets["value_wo"].(string); found && value != "" {
		return value
	}
	return firstOf(world.Text(o, "value"), world.Text(o, "insecure_value"))
}

func parameterVersion(o *world.Object) int {
	if live, found := o.Live["version"]; found {
		return world.Int(&world.Object{Attrs: map[string]any{"version": live}}, "version")
	}
	return world.Int(o, "version")
}

func firstOf(first, second string) string {
	if first != "" {
		return first
	}
	return second
}
