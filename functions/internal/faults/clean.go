package faults

import (
	"strings"
	"unicode"
)

// readable is how much of a message is looked at, in bytes: the longest is that of EC2 with an encoded part.
const readable = 8 << 10

// Clean returns the words of an API from within what a provider wrapped around them, in one line. What is different in each
// retry is dropped, so that a condition does not change while the error is the same: identifiers of requests, times, ports.
// Secrets are masked before anything else is done. Wrapping with nothing in it is returned as it is. Cleaning twice changes nothing.
func Clean(message string) string {
	whole := masked(oneLine(message[:min(len(message), readable)]))
	text := whole
	for {
		next := oneStep(text)
		switch next {
		case "":
			return whole
		case text:
			return text
		}
		text = next
	}
}

// oneStep takes the first step that changes something: a layer goes before what is within it.
func oneStep(text string) string {
	for _, step := range steps() {
		if next := oneLine(step(text)); next != text {
			return next
		}
	}
	return text
}

// steps each shorten a text or leave it as it is; only masked words may keep their length.
func steps() []func(string) string {
	return []func(string) string{withoutWrapping, withoutDiagnostics, withoutOperation, withoutRequest, vaultAnswer, steady, masked}
}

// oneLine joins lines and collapses space, also what Vault indents its errors with.
func oneLine(text string) string {
	return strings.Join(strings.FieldsFunc(strings.ToValidUTF8(text, ""), func(r rune) bool {
		return unicode.IsSpace(r) || !unicode.IsPrint(r)
	}), " ")
}

// wrapping is what the layers of a provider put before an error: crossplane-runtime
// (https://github.com/crossplane/crossplane-runtime/blob/main/pkg/reconciler/managed/reconciler.go) and upjet
// (https://github.com/crossplane/upjet/tree/main/pkg/controller).
func wrapping() []string {
	return []string{
		"create failed:", "observe failed:", "update failed:", "delete failed:", "connect failed:", "apply failed:", "destroy failed:",
		"async create failed:", "async update failed:", "async delete failed:",
		"failed to create the resource:", "failed to observe the resource:", "failed to update the resource:", "failed to delete the resource:",
		"cannot run refresh:", "refresh failed:", "cannot run plan:", "plan failed:",
		"cannot initialize the Terraform plugin SDK async external client:", "cannot initialize the Terraform plugin SDK external client:",
		"cannot get terraform setup:",
	}
}

func withoutWrapping(text string) string {
	for _, w := range wrapping() {
		text = strings.TrimPrefix(text, w)
	}
	return strings.TrimSuffix(text, ": File name: main.tf.json")
}

// withoutDiagnostics opens the list of Terraform's diagnostics, which are printed as {severity summary detail path}.
func withoutDiagnostics(text string) string {
	before, list, found := strings.Cut(text, "[{0 ")
	if !found {
		return text
	}
	list = strings.ReplaceAll(list, " []} {0 ", "; ")
	list, found = strings.CutSuffix(list, "}]")
	if path := strings.LastIndex(list, " ["); found && path >= 0 {
		list = list[:path]
	}
	return before + list
}

// withoutOperation drops what stands before the error of an AWS call: what was called is of no use to who reads it, and would
// keep the same error of several resources apart. Where the credentials could not be had, that is what matters.
// https://pkg.go.dev/github.com/aws/smithy-go#OperationError
func withoutOperation(text string) string {
	if at := strings.Index(text, "failed to refresh cached credentials"); at >= 0 {
		return text[at:]
	}
	_, call, found := strings.Cut(text, "operation error ")
	if !found {
		return text
	}
	service, rest, found := strings.Cut(call, ": ")
	operation, failure, ends := strings.Cut(rest, ", ")
	if !found || !ends || failure == "" || len(service) > 40 || strings.ContainsAny(operation, " :") {
		return text
	}
	return failure
}

// request is what AWS and its SDKs tell of one request: a marker and the word behind it. Version 1 of the SDK writes
// "status code: 400, request id: ..." at the end.
func request() []string {
	return []string{
		"https response error StatusCode: ", "exceeded maximum number of attempts, ", "RequestID: ", "HostID: ", "status code: ",
		"request id: ", "Encoded authorization failure message: ",
	}
}

// noise says nothing.
func noise() []string {
	return []string{
		"api error ", "last error: %!s(<nil>)", "error creating database object: ",
		"failed to revoke entry: resp: (*logical.Response)(nil) err: ",
		" For supported combinations of instance class and database engine version, see the documentation.",
	}
}

func withoutRequest(text string) string {
	for _, marker := range request() {
		for {
			before, after, found := strings.Cut(text, marker)
			if !found {
				break
			}
			_, rest, _ := strings.Cut(after, " ")
			text = before + rest
		}
	}
	for _, noise := range noise() {
		text = strings.ReplaceAll(text, noise, "")
	}
	// A service that calls another one prints the other's error like the SDK for Java does.
	if before, after, found := strings.Cut(text, "(Service: "); found {
		if _, rest, closed := strings.Cut(after, ")"); closed {
			text = before + rest
		}
	}
	return strings.TrimRight(text, ", ")
}
