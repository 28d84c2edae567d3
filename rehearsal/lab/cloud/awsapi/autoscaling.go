package awsapi

import (
	"encoding/xml"
	"net/http"
	"net/url"

	"drover/rehearsal/lab/cloud/policy"
	"drover/rehearsal/lab/world"
)

type autoscalingAnswer struct {
	XMLName xml.Name
	Space   string `xml:"xmlns,attr"`
	Result  *autoscalingResult
	Request string `xml:"ResponseMetadata>RequestId"`
}

// autoscalingResult is empty: these calls answer with nothing.
type autoscalingResult struct {
	XMLName xml.Name
}

func (a *API) autoScaling(c *call) *fault {
	values, problem := c.form("2011-01-01")
	if problem != nil {
		return problem
	}
	switch c.operation {
	case "CompleteLifecycleAction":
		problem = a.completeLifecycleAction(c, values)
	case "RecordLifecycleActionHeartbeat":
		problem = a.recordHeartbeat(c, values)
	case "SetInstanceHealth":
		problem = a.setInstanceHealth(c, values)
	default:
		problem = c.unknownOperation(c.operation)
	}
	if problem != nil {
		return problem
	}
	answer := autoscalingAnswer{XMLName: xml.Name{Local: c.operation + "Response"}, Space: autoscalingNamespace, Request: c.id}
	if c.operation != "SetInstanceHealth" {
		answer.Result = &autoscalingResult{XMLName: xml.Name{Local: c.operation + "Result"}}
	}
	writeXML(c.writer, http.StatusOK, answer)
	return nil
}

func (a *API) completeLifecycleAction(c *call, values url.Values) *fault {
	if problem := require(values, "AutoScalingGroupName", "LifecycleHookName", "InstanceId", "LifecycleActionResult"); problem != nil {
		return problem
	}
	group, result := values.Get("AutoScalingGroupName"), values.Get("LifecycleActionResult")
	if problem := a.mayScale(c, group); problem != nil {
		return problem
	}
	if result != "CONTINUE" && result != "ABANDON" {
		return refusal(http.StatusBadRequest, "ValidationError", "Lifecycle Action Result must be CONTINUE or ABANDON, got %q", result)
	}
	return validation(a.Lifecycle.Complete(group, values.Get("LifecycleHookName"), values.Get("InstanceId"), result))
}

func (a *API) recordHeartbeat(c *call, values url.Values) *fault {
	if problem := require(values, "AutoScalingGroupName", "LifecycleHookName", "InstanceId"); problem != nil {
		return problem
	}
	group := values.Get("AutoScalingGroupName")
	if problem := a.mayScale(c, group); problem != nil {
		return problem
	}
	return validation(a.Lifecycle.Heartbeat(group, values.Get("LifecycleHookName"), values.Get("InstanceId")))
}

func (a *API) setInstanceHealth(c *call, values url.Values) *fault {
	if problem := require(values, "InstanceId", "HealthStatus"); problem != nil {
		return problem
	}
	instance, status := values.Get("InstanceId"), values.Get("HealthStatus")
	group := ""
	if machine := a.Estate.Machine(instance); machine != nil {
		group = machine.Group
	}
	if problem := a.mayScale(c, group); problem != nil {
		return problem
	}
	setter, ok := a.Lifecycle.(HealthSetter)
	switch {
	case !ok:
		return c.unknownOperation(c.operation)
	case status != "Healthy" && status != "Unhealthy":
		return refusal(http.StatusBadRequest, "ValidationError", "HealthStatus must be Healthy or Unhealthy, got %q", status)
	case group == "":
		return refusal(http.StatusBadRequest, "ValidationError", "Instance Id not found - No managed instance found for instance ID: %s", instance)
	}
	return validation(setter.SetInstanceHealth(instance, status))
}

// mayScale asks for the right to the operation on a group.
func (a *API) mayScale(c *call, name string) *fault {
	group, err := a.Estate.Regional("aws_autoscaling_group", c.region, name)
	if err != nil {
		return c.internal(err)
	}
	context := policy.Context{}
	arn := "arn:aws:autoscaling:" + c.region + ":" + c.caller.principal.Account + ":autoScalingGroup:*:autoScalingGroupName/" + name
	if group != nil {
		arn = world.Text(group, "arn")
		tags, _ := world.Value(group, "tag").([]any)
		for _, tag := range tags {
			key, _ := world.At(tag, "key").(string)
			value, _ := world.At(tag, "value").(string)
			context["autoscaling:ResourceTag/"+key] = []string{value}
			context["aws:ResourceTag/"+key] = []string{value}
		}
	}
	if problem := a.authorize(c, act{action: "autoscaling:" + c.operation, resource: arn, context: context}); problem != nil {
		return problem
	}
	if group == nil {
		return refusal(http.StatusBadRequest, "ValidationError", "AutoScalingGroup name not found - no such group: %s", name)
	}
	return nil
}

// validation is how the service refuses what its own state does not allow.
func validation(err error) *fault {
	if err == nil {
		return nil
	}
	return refusal(http.StatusBadRequest, "ValidationError", "%s", err)
}
