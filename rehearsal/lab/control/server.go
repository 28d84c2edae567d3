package control

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"sync"
	"syscall"
	"time"

	"drover/rehearsal/lab/accept"
	"drover/rehearsal/lab/host"
)

const (
	defaultDeadlineSec = 60
	requestDeadline    = 5 * time.Second
)

// Handler does what a request asks for; ctx ends with its deadline and with the client.
type Handler func(ctx context.Context, request Request) (Response, error)

// Server answers requests.
type Server struct {
	Log      *slog.Logger
	handlers map[string]Handler
	listener *net.UnixListener
	working  sync.WaitGroup
}

// Handle says what does an action; all are said before Listen.
func (s *Server) Handle(action string, handler Handler) {
	if s.handlers == nil {
		s.handlers = map[string]Handler{}
	}
	s.handlers[action] = handler
}

// Listen answers at the lab's socket until ctx ends; Wait then waits for the last answers.
func (s *Server) Listen(ctx context.Context, lab string) error {
	if err := os.Remove(socket(lab)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	at, folder, err := address(lab)
	if err != nil {
		return err
	}
	defer folder.Close()
	listener, err := net.ListenUnix("unix", at)
	if err != nil {
		return err
	}
	listener.SetUnlinkOnClose(false) // its name is gone with the folder's descriptor
	s.listener = listener
	context.AfterFunc(ctx, func() {
		_ = listener.Close()
		_ = os.Remove(socket(lab))
	})
	s.working.Go(func() {
		accept.Each(listener, s.Log, func(connection net.Conn) {
			client, _ := connection.(*net.UnixConn) // it is, of a listener on a unix socket
			s.working.Go(func() {
				defer client.Close()
				s.answer(ctx, client)
			})
		})
	})
	return nil
}

// Wait returns when every request is answered.
func (s *Server) Wait() { s.working.Wait() }

func (s *Server) answer(ctx context.Context, connection *net.UnixConn) {
	request, streams, err := receive(connection)
	defer func() {
		for _, stream := range streams {
			_ = stream.Close()
		}
	}()
	var response Response
	if err == nil {
		response, err = s.do(ctx, connection, request)
	}
	if err != nil {
		response.Error = err.Error()
	}
	raw, err := json.Marshal(response)
	if err == nil {
		_ = connection.SetWriteDeadline(time.Now().Add(requestDeadline))
		_, err = connection.Write(raw)
	}
	if err != nil && !errors.Is(err, syscall.EPIPE) {
		s.Log.Warn("request not answered", "action", request.Action, "error", err)
	}
}

func (s *Server) do(ctx context.Context, connection *net.UnixConn, request Request) (Response, error) {
	handler := s.handlers[request.Action]
	if handler == nil {
		return Response{}, fmt.Errorf("action %q is unknown", request.Action)
	}
	if request.DeadlineSec <= 0 {
		request.DeadlineSec = defaultDeadlineSec
	}
	bound := time.Duration(request.DeadlineSec) * time.Second
	ctx, cancel := context.WithTimeoutCause(ctx, bound, fmt.Errorf("not done within %s", bound))
	defer cancel()
	go func() { // the client says nothing more: what comes is its end
		_, _ = connection.Read(make([]byte, 1))
		cancel()
	}()
	return handler(ctx, request)
}

// receive reads a request and the streams that came with it.
func receive(connection *net.UnixConn) (request Request, streams []*os.File, err error) {
	if err := connection.SetReadDeadline(time.Now().Add(requestDeadline)); err != nil {
		return request, nil, err
	}
	raw, rights := make([]byte, mostRequest), make([]byte, syscall.CmsgSpace(4*streamCount))
	count, rightsCount, _, _, err := connection.ReadMsgUnix(raw, rights)
	if err != nil {
		return request, nil, err
	}
	messages, err := syscall.ParseSocketControlMessage(rights[:rightsCount])
	if err != nil {
		return request, nil, err
	}
	for _, message := range messages {
		descriptors, err := syscall.ParseUnixRights(&message)
		if err != nil {
			return request, streams, err
		}
		for _, descriptor := range descriptors {
			syscall.CloseOnExec(descriptor)
			streams = append(streams, os.NewFile(uintptr(descriptor), "stream"))
		}
	}
	for count < mostRequest && (count == 0 || raw[count-1] != '\n') { // a long request comes in pieces
		more, err := connection.Read(raw[count:])
		if err == io.EOF {
			break
		}
		if err != nil {
			return request, streams, err
		}
		count += more
	}
	if err := decode(raw[:count], &request); err != nil {
		return request, streams, err
	}
	if len(streams) == streamCount {
		request.Streams = host.Streams{In: streams[0], Out: streams[1], Err: streams[2]}
	}
	return request, streams, connection.SetReadDeadline(time.Time{})
}
