package control

import (
	"encoding/json"
	"errors"
	"io"
	"net"
	"os"
	"syscall"
)

// Ask sends a request to the lab in this folder and waits for its answer; streams, if any, are handed over as they are.
// The lab gives up what it does for the request when this program ends.
func Ask(lab string, request Request, streams ...*os.File) (*Response, error) {
	to, folder, err := address(lab)
	if errors.Is(err, os.ErrNotExist) {
		return nil, ErrNotRunning
	}
	if err != nil {
		return nil, err
	}
	defer folder.Close()
	connection, err := net.DialUnix("unix", nil, to)
	if errors.Is(err, os.ErrNotExist) || errors.Is(err, syscall.ECONNREFUSED) {
		return nil, ErrNotRunning
	}
	if err != nil {
		return nil, err
	}
	defer connection.Close()
	raw, err := json.Marshal(request)
	if err != nil {
		return nil, err
	}
	var rights []byte
	if len(streams) > 0 {
		descriptors := make([]int, 0, len(streams))
		for _, stream := range streams {
			descriptors = append(descriptors, int(stream.Fd()))
		}
		rights = syscall.UnixRights(descriptors...)
	}
	if _, _, err := connection.WriteMsgUnix(append(raw, '\n'), rights, nil); err != nil {
		return nil, err
	}
	answer, err := io.ReadAll(connection)
	if err != nil {
		return nil, err
	}
	if len(answer) == 0 {
		return nil, errors.New("the lab ended before it answered: see its log")
	}
	var response Response
	if err := decode(answer, &response); err != nil {
		return nil, err
	}
	if response.Error != "" {
		return &response, errors.New(response.Error)
	}
	return &response, nil
}
