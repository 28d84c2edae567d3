package awsapi

import (
	"encoding/json"
	"encoding/xml"
	"net/http"
)

const (
	ec2Namespace         = "http://ec2.amazonaws.com/doc/2016-11-15/"
	autoscalingNamespace = "http://autoscaling.amazonaws.com/doc/2011-01-01/"
)

func writeJSONFault(w http.ResponseWriter, _ string, f *fault) {
	w.Header().Set("X-Amzn-Errortype", f.code)
	writeJSON(w, f.status, map[string]string{"__type": f.code, "message": f.message})
}

func writeJSON(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	w.WriteHeader(status)
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(value) // the caller has gone: nobody is left to tell
}

type queryError struct {
	XMLName xml.Name `xml:"ErrorResponse"`
	Space   string   `xml:"xmlns,attr"`
	Type    string   `xml:"Error>Type"`
	Code    string   `xml:"Error>Code"`
	Message string   `xml:"Error>Message"`
	Request string   `xml:"RequestId"`
}

func writeQueryFault(w http.ResponseWriter, request string, f *fault) {
	kind := "Sender"
	if f.status >= http.StatusInternalServerError {
		kind = "Receiver"
	}
	writeXML(w, f.status, queryError{Space: autoscalingNamespace, Type: kind, Code: f.code, Message: f.message, Request: request})
}

type ec2Error struct {
	XMLName xml.Name `xml:"Response"`
	Code    string   `xml:"Errors>Error>Code"`
	Message string   `xml:"Errors>Error>Message"`
	Request string   `xml:"RequestID"`
}

func writeEC2Fault(w http.ResponseWriter, request string, f *fault) {
	message := f.message
	if f.code == ec2Denied {
		message = "You are not authorized to perform this operation. " + message
	}
	writeXML(w, f.status, ec2Error{Code: f.code, Message: message, Request: request})
}

type s3Error struct {
	XMLName xml.Name `xml:"Error"`
	Code    string   `xml:"Code"`
	Message string   `xml:"Message"`
	Request string   `xml:"RequestId"`
	Host    string   `xml:"HostId"`
}

func writeS3Fault(w http.ResponseWriter, request string, f *fault) {
	writeXML(w, f.status, s3Error{Code: f.code, Message: f.message, Request: request, Host: request})
}

func writeXML(w http.ResponseWriter, status int, value any) {
	raw, err := xml.Marshal(value)
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/xml;charset=UTF-8")
	w.WriteHeader(status)
	_, _ = w.Write(append([]byte(xml.Header), raw...)) // the caller has gone: nobody is left to tell
}
