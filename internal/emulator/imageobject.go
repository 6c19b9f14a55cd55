// SPDX-License-Identifier: MPL-2.0

package emulator

import "net/http"

// imageObject is an image as SCP sends it: the document's model of version 1.3, field for field. What the fixtures
// cannot say has the values of its example.
type imageObject struct {
	Checksum             string  `json:"checksum"`
	ContainerFormat      string  `json:"container_format"`
	CreatedAt            string  `json:"created_at"`
	DiskFormat           string  `json:"disk_format"`
	File                 string  `json:"file"`
	ID                   string  `json:"id"`
	MinDisk              int     `json:"min_disk"`
	MinRAM               int     `json:"min_ram"`
	Name                 string  `json:"name"`
	OSDistro             string  `json:"os_distro"`
	OSHashAlgo           string  `json:"os_hash_algo"`
	OSHashValue          string  `json:"os_hash_value"`
	OSHidden             bool    `json:"os_hidden"` // false: a hidden image is in no list
	Owner                *string `json:"owner"`
	OwnerAccountName     string  `json:"owner_account_name"`
	OwnerUserName        string  `json:"owner_user_name"`
	Protected            bool    `json:"protected"`
	RootDeviceName       string  `json:"root_device_name"`
	SCPGPUDriver         *string `json:"scp_gpu_driver"`
	SCPImageType         string  `json:"scp_image_type"`
	SCPK8sVersion        *string `json:"scp_k8s_version"`
	SCPOriginalImageType string  `json:"scp_original_image_type"`
	SCPOSBuildVersion    *string `json:"scp_os_build_version"`
	SCPOSVersion         string  `json:"scp_os_version"`
	Size                 int64   `json:"size"`
	Status               string  `json:"status"`
	UpdatedAt            string  `json:"updated_at"`
	URL                  string  `json:"url"`
	VirtualSize          *int64  `json:"virtual_size"`
	Visibility           string  `json:"visibility"`
	Volumes              *string `json:"volumes"`
}

func (i Image) object() imageObject {
	owner := &i.Owner
	if i.NoOwner {
		owner = nil
	}
	return imageObject{
		Checksum:             "7538e0fcb56e0e272cfd89eb384d6613",
		ContainerFormat:      "bare",
		CreatedAt:            i.CreatedAt,
		DiskFormat:           "qcow2",
		File:                 "/v2/images/" + i.ID + "/file",
		ID:                   i.ID,
		MinDisk:              100,
		Name:                 i.Name,
		OSDistro:             i.OSDistro,
		OSHashAlgo:           "sha512",
		OSHashValue:          "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
		Owner:                owner,
		OwnerAccountName:     i.OwnerAccountName,
		OwnerUserName:        "user@samsung.com",
		Protected:            i.Protected,
		RootDeviceName:       "/dev/vda",
		SCPImageType:         i.SCPImageType,
		SCPOriginalImageType: i.SCPOriginalImageType,
		SCPOSVersion:         "9.2",
		Size:                 2 << 30,
		Status:               i.Status,
		UpdatedAt:            i.UpdatedAt,
		URL:                  "https://object-store.kr-west1.e.samsungsdscloud.com/images/" + i.ID,
		Visibility:           i.Visibility,
	}
}

// imageList is the reply with a list of images, which has nothing else.
func (c call) imageList(list []*Image) *reply {
	objects := []imageObject{}
	for _, image := range list {
		objects = append(objects, image.object())
	}
	body := map[string]any{"images": objects}
	if len(list) == 0 && c.kind == nextOnEmpty {
		body["next"] = c.URL.Path + "?marker=00000000-0000-0000-0000-000000000000"
	}
	return &reply{http.StatusOK, body}
}
