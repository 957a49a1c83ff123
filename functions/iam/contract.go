package iam

import (
	"errors"
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
)

// arnParts is how many parts an ARN has, with a colon between them: arn, partition, service, region, account, resource.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
const arnParts = 6

// inResources may stand in the resource of an ARN. A question mark is a wildcard too, and a dollar sign begins a variable.
const inResources = lower + upper + digits + "-_./:+=,@*"

// global is the service whose resources have neither region nor account in their ARN.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-arn-format.html
const global = "s3"

// check judges the values of a wiring contract, which may come from somebody else's composite: they end up in what service accounts
// may do in the cloud.
func check(w *pipelinev1.Wiring) error {
	var errs []error
	for i, a := range w.Access {
		field := fmt.Sprintf("access[%d]", i)
		errs = append(errs, checkRole(field, a.Role))
		if len(validation.IsDNS1123Subdomain(a.ServiceAccount)) > 0 {
			errs = append(errs, fmt.Errorf("%s.serviceAccount: %q is not the name of a service account", field, a.ServiceAccount))
		}
	}
	for i, g := range w.Grants {
		errs = append(errs, checkGrant(fmt.Sprintf("grants[%d]", i), g)...)
	}
	if v := w.AccessReady; v != nil {
		switch conditions.Status(v.Status) {
		case conditions.True, conditions.False, conditions.Unknown:
		default:
			errs = append(errs, fmt.Errorf("accessReady.status: %q; write True, False or Unknown", v.Status))
		}
		if v.Reason == "" {
			errs = append(errs, errors.New("accessReady.reason: write one word"))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("the wiring contract is wrong: %w", err)
	}
	return nil
}

func checkRole(field, role string) error {
	switch v1.AccessRole(role) {
	case v1.AccessReader, v1.AccessWriter, v1.AccessAdmin:
		return nil
	}
	return fmt.Errorf("%s.role: %q; write reader, writer or admin", field, role)
}

func checkGrant(field string, g pipelinev1.Grant) []error {
	errs := []error{checkRole(field, g.Role)}
	if len(g.Actions) == 0 {
		errs = append(errs, fmt.Errorf("%s.actions: write at least one", field))
	}
	if len(g.Resources) == 0 {
		errs = append(errs, fmt.Errorf("%s.resources: write at least one", field))
	}
	for i, action := range g.Actions {
		service, name, _ := strings.Cut(action, ":")
		if !only(service, lower+digits+"-") || !only(name, lower+upper+digits) {
			errs = append(errs, fmt.Errorf("%s.actions[%d]: %q; write <service>:<Action> without a wildcard", field, i, action))
		}
	}
	for i, resource := range g.Resources {
		if wrong := wrongResource(resource); wrong != "" {
			errs = append(errs, fmt.Errorf("%s.resources[%d]: %q %s", field, i, resource, wrong))
		}
	}
	return errs
}

// located says that a region and an account are written out.
func located(region, account string) bool {
	return only(region, lower+digits+"-") && only(account, digits) && len(account) == lengthAccount
}

// wrongResource says what is wrong with the ARN of a resource. Empty when nothing is.
func wrongResource(arn string) string {
	parts := strings.SplitN(arn, ":", arnParts)
	if len(parts) < arnParts || parts[0] != "arn" {
		return "is not an ARN; write arn:<partition>:<service>:<region>:<account>:<resource>"
	}
	service, resource := parts[2], parts[5]
	placed := located(parts[3], parts[4]) || (service == global && parts[3]+parts[4] == "")
	if !partition(parts[1]) || !only(service, lower+digits+"-") || !placed {
		return "has a partition, service, region or account that cannot be; none of them may be empty or hold a wildcard"
	}
	last := resource[strings.LastIndexAny(resource, "/:")+1:]
	switch {
	case !only(resource, inResources):
		return "has a resource with characters that it may not have; write letters, digits and -_./:+=,@"
	case strings.Contains(strings.TrimSuffix(resource, last), "*"):
		return "has a wildcard before its last segment; name that exactly"
	case last == "" || strings.Trim(last, "*") == "":
		return "ends in a segment that names nothing; a wildcard may not stand alone"
	}
	return ""
}
