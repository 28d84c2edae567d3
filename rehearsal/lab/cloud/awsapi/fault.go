package awsapi

import (
	"fmt"
	"net/http"
	"time"
)

// fault is a refusal as the service writes it.
type fault struct {
	status  int
	code    string
	message string
	// why is for the log alone.
	why string
}

// reasons that every service has and each names in its own way.
type reason int

const (
	noSignature reason = iota
	unknownToken
	expiredToken
	badSignature
	clockOff
	denied
	unknownOperation
	internal
)

type name struct {
	status int
	code   string
}

// dialect is how a family of services writes its answers.
type dialect struct {
	faults map[reason]name
	write  func(w http.ResponseWriter, request string, f *fault)
}

const ec2Denied = "UnauthorizedOperation"

// The codes are in each service's own list of common errors, such as
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
var (
	jsonDialect = dialect{write: writeJSONFault, faults: map[reason]name{
		noSignature:      {http.StatusBadRequest, "MissingAuthenticationTokenException"},
		unknownToken:     {http.StatusBadRequest, "UnrecognizedClientException"},
		expiredToken:     {http.StatusBadRequest, "ExpiredTokenException"},
		badSignature:     {http.StatusBadRequest, "InvalidSignatureException"},
		clockOff:         {http.StatusBadRequest, "InvalidSignatureException"},
		denied:           {http.StatusBadRequest, "AccessDeniedException"},
		unknownOperation: {http.StatusBadRequest, "UnknownOperationException"},
		internal:         {http.StatusInternalServerError, "InternalServerError"},
	}}
	queryDialect = dialect{write: writeQueryFault, faults: map[reason]name{
		noSignature:      {http.StatusForbidden, "MissingAuthenticationToken"},
		unknownToken:     {http.StatusForbidden, "InvalidClientTokenId"},
		expiredToken:     {http.StatusForbidden, "ExpiredToken"},
		badSignature:     {http.StatusForbidden, "SignatureDoesNotMatch"},
		clockOff:         {http.StatusForbidden, "SignatureDoesNotMatch"},
		denied:           {http.StatusForbidden, "AccessDenied"},
		unknownOperation: {http.StatusBadRequest, "InvalidAction"},
		internal:         {http.StatusInternalServerError, "InternalFailure"},
	}}
	ec2Dialect = dialect{write: writeEC2Fault, faults: map[reason]name{
		noSignature:      {http.StatusUnauthorized, "AuthFailure"},
		unknownToken:     {http.StatusUnauthorized, "AuthFailure"},
		expiredToken:     {http.StatusBadRequest, "RequestExpired"},
		badSignature:     {http.StatusUnauthorized, "AuthFailure"},
		clockOff:         {http.StatusBadRequest, "RequestExpired"},
		denied:           {http.StatusForbidden, ec2Denied},
		unknownOperation: {http.StatusBadRequest, "InvalidAction"},
		internal:         {http.StatusInternalServerError, "InternalError"},
	}}
	s3Dialect = dialect{write: writeS3Fault, faults: map[reason]name{
		noSignature:      {http.StatusForbidden, "AccessDenied"},
		unknownToken:     {http.StatusForbidden, "InvalidAccessKeyId"},
		expiredToken:     {http.StatusBadRequest, "ExpiredToken"},
		badSignature:     {http.StatusForbidden, "SignatureDoesNotMatch"},
		clockOff:         {http.StatusForbidden, "RequestTimeTooSkewed"},
		denied:           {http.StatusForbidden, "AccessDenied"},
		unknownOperation: {http.StatusMethodNotAllowed, "MethodNotAllowed"},
		internal:         {http.StatusInternalServerError, "InternalError"},
	}}
)

func (d *dialect) fault(kind reason, format string, arguments ...any) *fault {
	known := d.faults[kind]
	return &fault{status: known.status, code: known.code, message: fmt.Sprintf(format, arguments...)}
}

func (d *dialect) noSignature() *fault { return d.fault(noSignature, "Missing Authentication Token") }

func (d *dialect) unknownToken(why string) *fault {
	return d.fault(unknownToken, "The security token included in the request is invalid.").because(why)
}

func (d *dialect) expiredToken(at time.Time) *fault {
	return d.fault(expiredToken, "The security token included in the request is expired").
		because("expired at " + at.Format(time.RFC3339))
}

func (d *dialect) badSignature(why string) *fault {
	return d.fault(badSignature, "The request signature we calculated does not match the signature you provided. "+
		"Check your AWS Secret Access Key and signing method. Consult the service documentation for details.").because(why)
}

func (d *dialect) clockOff(signed, now time.Time) *fault {
	const stamp = "20060102T150405Z"
	return d.fault(clockOff, "Signature expired: the difference between the request time %s and the current time %s is too large (limit %s)",
		signed.UTC().Format(stamp), now.UTC().Format(stamp), greatestSkew)
}

func (d *dialect) denied(caller *Caller, action, resource, why string) *fault {
	return d.fault(denied, "User: %s is not authorized to perform: %s on resource: %s %s", caller.name(), action, resource, why)
}

func (d *dialect) unknownOperation(operation string) *fault {
	return d.fault(unknownOperation, "The action %s is not valid for this web service.", operation)
}

func (d *dialect) internal(err error) *fault {
	return d.fault(internal, "We encountered an internal error. Please try again.").because(err.Error())
}

func (f *fault) because(why string) *fault {
	f.why = why
	return f
}

func refusal(status int, code, format string, arguments ...any) *fault {
	return &fault{status: status, code: code, message: fmt.Sprintf(format, arguments...)}
}
