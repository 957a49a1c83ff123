package wire

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Hand calls the AWS API in the place of a person: through the proxy, so that it knows, but not as a call of the provider.
type Hand struct {
	// Address of the proxy.
	Address string
	// Region of everything.
	Region string
}

// Do calls an action of a service that speaks the query protocol (EC2, RDS, IAM), with parameters as name, value, and returns the answer.
func (h Hand) Do(ctx context.Context, service, action string, parameters ...string) (string, error) {
	versions := map[string]string{"ec2": "2016-11-15", "rds": "2014-10-31", "iam": "2010-05-08"}
	form := url.Values{"Action": {action}, "Version": {versions[service]}}
	for n := 0; n+1 < len(parameters); n += 2 {
		form.Set(parameters[n], parameters[n+1])
	}
	return h.send(ctx, service, http.MethodPost, "/", "application/x-www-form-urlencoded", form.Encode())
}

// JSON calls a service that speaks JSON: with a target (KMS, CloudWatch Logs), or a path where there is none (EKS).
func (h Hand) JSON(ctx context.Context, service, method, pathOrTarget, body string) (string, error) {
	contentType := "application/x-amz-json-1.1"
	if strings.HasPrefix(pathOrTarget, "/") {
		contentType = "application/json"
	}
	return h.send(ctx, service, method, pathOrTarget, contentType, body)
}

func (h Hand) send(ctx context.Context, service, method, where, contentType, body string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	path, target := where, ""
	if !strings.HasPrefix(where, "/") {
		path, target = "/", where
	}
	r, err := http.NewRequestWithContext(ctx, method, "http://"+h.Address+path, strings.NewReader(body))
	if err != nil {
		return "", err
	}
	r.Header.Set("Content-Type", contentType)
	r.Header.Set(byHand, "yes")
	if target != "" {
		r.Header.Set("X-Amz-Target", target)
	}
	scope := "test/20260101/" + h.Region + "/" + service + "/aws4_request"
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential="+scope+", SignedHeaders=host, Signature=none")
	rsp, err := http.DefaultClient.Do(r)
	if err != nil {
		return "", err
	}
	defer rsp.Body.Close() //nolint:errcheck // Read to its end.
	raw, err := io.ReadAll(rsp.Body)
	if err == nil && rsp.StatusCode >= http.StatusBadRequest {
		err = fmt.Errorf("%s %s answers %s: %s", service, where, rsp.Status, raw)
	}
	return string(raw), err
}
