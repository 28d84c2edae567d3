package awsapi

import (
	"encoding/xml"
	"net/http"
	"strings"

	"drover/rehearsal/lab/cloud/policy"
)

// EC2's limit of a resource, https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html
const mostTags = 50

type ec2Answer struct {
	XMLName xml.Name
	Space   string `xml:"xmlns,attr"`
	Request string `xml:"requestId"`
	Return  bool   `xml:"return"`
}

func (a *API) computeCloud(c *call) *fault {
	values, problem := c.form("2016-11-15")
	if problem != nil {
		return problem
	}
	if c.operation != "CreateTags" {
		return c.unknownOperation(c.operation)
	}
	names, texts := numbered(values, "Tag", ".Key"), numbered(values, "Tag", ".Value")
	resources := numbered(values, "ResourceId", "")
	if len(names) == 0 || len(names) != len(texts) || len(resources) == 0 {
		return refusal(http.StatusBadRequest, "MissingParameter", "The request must contain ResourceId.N, Tag.N.Key and Tag.N.Value")
	}
	tags := map[string]string{}
	for index, tag := range names {
		if strings.HasPrefix(strings.ToLower(tag), "aws:") {
			return refusal(http.StatusBadRequest, "InvalidParameterValue", "Tag keys starting with 'aws:' are reserved for internal use")
		}
		tags[tag] = texts[index]
	}
	for _, resource := range resources {
		if problem := a.mayTag(c, resource, names, tags); problem != nil {
			return problem
		}
	}
	for _, resource := range resources {
		if err := a.Estate.Fleet.SetTags(resource, tags); err != nil {
			return c.internal(err)
		}
	}
	writeXML(c.writer, http.StatusOK, ec2Answer{
		XMLName: xml.Name{Local: "CreateTagsResponse"}, Space: ec2Namespace, Request: c.id, Return: true,
	})
	return nil
}

func (a *API) mayTag(c *call, resource string, names []string, tags map[string]string) *fault {
	if !strings.HasPrefix(resource, "i-") {
		return refusal(http.StatusBadRequest, "InvalidID", "The ID '%s' is not valid: the lab tags instances only", resource)
	}
	context := policy.Context{"aws:TagKeys": names}
	for tag, value := range tags {
		context["aws:RequestTag/"+tag] = []string{value}
	}
	machine := a.Estate.Machine(resource)
	present := map[string]string{}
	if machine != nil {
		var err error
		if present, err = a.Estate.Tags(machine); err != nil {
			return c.internal(err)
		}
	}
	for tag, value := range present {
		context["aws:ResourceTag/"+tag] = []string{value}
		context["ec2:ResourceTag/"+tag] = []string{value}
	}
	partition := strings.SplitN(c.caller.principal.Role, ":", 3)[1]
	arn := "arn:" + partition + ":ec2:" + c.region + ":" + c.caller.principal.Account + ":instance/" + resource
	if problem := a.authorize(c, act{action: "ec2:CreateTags", resource: arn, context: context}); problem != nil {
		return problem
	}
	if machine == nil {
		return refusal(http.StatusBadRequest, "InvalidInstanceID.NotFound", "The instance ID '%s' does not exist", resource)
	}
	for tag := range tags {
		present[tag] = ""
	}
	if len(present) > mostTags {
		return refusal(http.StatusBadRequest, "TagLimitExceeded", "The resource '%s' would have more than %d tags", resource, mostTags)
	}
	return nil
}
