package fleet

import (
	"encoding/base64"
	"path/filepath"
	"strings"

	"drover/rehearsal/lab/world"
)

// template is one version of a launch template. The world holds only the latest; earlier ones are kept in
// lab/fleet/templates from the moment they were seen, because a rollback needs them.
type template struct {
	Version
	InstanceType string            `json:"instanceType"`
	UserData     []byte            `json:"userData"`
	Profile      string            `json:"profile"`
	HopLimit     int               `json:"hopLimit"`
	Tags         map[string]string `json:"tags"`
	// Disks are the volumes beside the root one.
	Disks []templateDisk `json:"disks"`
}

type templateDisk struct {
	Device  string `json:"device"`
	SizeGiB int    `json:"sizeGiB"`
}

// Names that images give their root volume; it is the machine's own root file system.
var rootDevices = map[string]bool{"/dev/sda1": true, "/dev/xvda": true}

func (s store) templatePath(v Version) string {
	return filepath.Join(s.dir, "templates", v.ID+"~"+v.Version+".json")
}

// noteTemplates keeps the versions that the world shows now.
func (s store) noteTemplates(objects []*world.Object) error {
	for _, object := range objects {
		read, err := readTemplate(object)
		if err != nil {
			return err
		}
		if err := writeJSON(s.templatePath(read.Version), read); err != nil {
			return err
		}
	}
	return nil
}

func (s store) template(v Version, latest string) (*template, error) {
	out := &template{}
	if err := readJSON(s.templatePath(v), out); err != nil {
		return nil, errTemplateVersion(v.ID, v.Version, latest)
	}
	return out, nil
}

func readTemplate(object *world.Object) (*template, error) {
	userData, err := base64.StdEncoding.DecodeString(world.Text(object, "user_data"))
	if err != nil {
		return nil, errUserData(object.ID, err)
	}
	profile := world.Text(object, "iam_instance_profile.0.name")
	if profile == "" {
		arn := world.Text(object, "iam_instance_profile.0.arn")
		profile = arn[strings.LastIndex(arn, "/")+1:]
	}
	out := &template{
		Version:      Version{ID: object.ID, Version: world.Text(object, "latest_version")},
		InstanceType: world.Text(object, "instance_type"),
		UserData:     userData,
		Profile:      profile,
		HopLimit:     max(1, world.Int(object, "metadata_options.0.http_put_response_hop_limit")),
		Tags:         map[string]string{},
	}
	specifications, _ := world.Value(object, "tag_specifications").([]any)
	for _, specification := range specifications {
		if world.At(specification, "resource_type") != "instance" {
			continue
		}
		tags, _ := world.At(specification, "tags").(map[string]any)
		for name, value := range tags {
			if text, isText := value.(string); isText {
				out.Tags[name] = text
			}
		}
	}
	mappings, _ := world.Value(object, "block_device_mappings").([]any)
	for _, mapping := range mappings {
		device, _ := world.At(mapping, "device_name").(string)
		size := world.Int(&world.Object{Attrs: map[string]any{"at": mapping}}, "at.ebs.0.volume_size")
		if !rootDevices[device] && size > 0 {
			out.Disks = append(out.Disks, templateDisk{Device: device, SizeGiB: size})
		}
	}
	return out, nil
}
