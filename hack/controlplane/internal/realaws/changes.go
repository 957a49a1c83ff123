package realaws

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/kube"
	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/realaws/wire"
)

const (
	team = "team-checkout"
	// patience with a change: Terraform waits for more than a minute after each Modify.
	patience = 4 * time.Minute
	// unprotected is what Terraform says with every change, whether it changes or not. These databases are not protected.
	// https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/rds/instance.go ("Always set this")
	unprotected = "DeletionProtection"
)

// change is something that happens to a database, and what the provider is to call then.
type change struct {
	title    string
	database string
	do       func(ctx context.Context, identifier string) error
	want     []expectation
}

// table of the changes. Those of one database come one after the other.
func (s *Story) table() []change {
	return []change{
		{"growth across 400 GiB", "grows", s.claim("grows", map[string]any{"storageGiB": int64(500)}), []expectation{
			{"ModifyDBInstance", map[string]string{
				"AllocatedStorage": "500", "?MaxAllocatedStorage": "*", "Iops": "12000", "StorageThroughput": "500", unprotected: "false",
			}},
		}},
		{"growth above 400 GiB", "grows", s.claim("grows", map[string]any{"storageGiB": int64(600)}), []expectation{
			{"ModifyDBInstance", map[string]string{
				"AllocatedStorage": "600", "?MaxAllocatedStorage": "*", "?Iops": "12000", "?StorageThroughput": "500", unprotected: "false",
			}},
		}},
		{"a major upgrade", "upgraded", s.claim("upgraded", map[string]any{"version": "17"}), []expectation{
			{"ModifyDBInstance", map[string]string{
				"EngineVersion": "17", "AllowMajorVersionUpgrade": "true", "DBParameterGroupName": "*", "?OptionGroupName": "default:postgres-17",
				unprotected: "false",
			}},
		}},
		{"a value changed by hand", "touched", s.byHand("BackupRetentionPeriod", "3"), []expectation{
			{"ModifyDBInstance", map[string]string{"BackupRetentionPeriod": "*", unprotected: "false"}},
		}},
	}
}

// changes plays the table, and what is not about one instance, at the same time.
func (s *Story) changes(ctx context.Context) error {
	byDatabase := map[string][]change{}
	for _, c := range s.table() {
		byDatabase[c.database] = append(byDatabase[c.database], c)
	}
	group := &errgroup.Group{}
	results := make(chan string, 100)
	note := func(title string, err error) {
		if err != nil {
			results <- title + ": " + err.Error()
		}
	}
	for _, list := range byDatabase {
		group.Go(func() error {
			for _, c := range list {
				note(c.title, s.change(ctx, c))
			}
			return nil
		})
	}
	group.Go(func() error { note("an ingress rule revoked by hand", s.revoked(ctx)); return nil })
	group.Go(func() error { note("a database deleted out of band", s.lost(ctx)); return nil })
	_ = group.Wait() // what failed is in the results
	close(results)
	for words := range results {
		s.fail("%s", words)
	}
	return s.ready(ctx, time.Minute)
}

// change does one thing, and compares the calls about the instance with the table until no more come.
func (s *Story) change(ctx context.Context, c change) error {
	database, err := s.get(ctx, v1.AppDatabaseKind, team, c.database)
	if err != nil {
		return err
	}
	identifier, _, _ := unstructured.NestedString(database.Object, "status", "identifier")
	if identifier == "" {
		return errors.New("the database has no identifier in its status")
	}
	mark := s.Wire.Mark()
	if err := c.do(ctx, identifier); err != nil {
		return err
	}
	about := func() []wire.Call {
		var calls []wire.Call
		for _, call := range s.Wire.Writes(mark) {
			if call.Params["DBInstanceIdentifier"] == identifier {
				calls = append(calls, call)
			}
		}
		return calls
	}
	for end := time.Now().Add(patience); len(about()) < len(c.want) && time.Now().Before(end) && ctx.Err() == nil; {
		time.Sleep(time.Second)
	}
	// Terraform waits for a minute; then the provider looks again, and may send what it thinks is missing.
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(100 * time.Second):
	}
	return s.compare(c, about())
}

func (s *Story) compare(c change, calls []wire.Call) error {
	var wrong []error
	for n, call := range calls {
		s.figure("%s: %s", c.title, shown(call))
		if n >= len(c.want) {
			wrong = append(wrong, fmt.Errorf("nobody asked for %s", call))
			continue
		}
		wrong = append(wrong, c.want[n].check(call))
	}
	for _, missing := range c.want[min(len(calls), len(c.want)):] {
		wrong = append(wrong, fmt.Errorf("%s was never called", missing.action))
	}
	return errors.Join(wrong...)
}

// claim changes fields of a claim.
func (s *Story) claim(name string, fields map[string]any) func(context.Context, string) error {
	return func(ctx context.Context, _ string) error {
		u, err := s.get(ctx, v1.AppDatabaseKind, team, name)
		if err != nil {
			return err
		}
		before := client.MergeFrom(u.DeepCopy())
		for field, value := range fields {
			if err := unstructured.SetNestedField(u.Object, value, "spec", field); err != nil {
				return err
			}
		}
		return s.Client.Patch(ctx, u, before)
	}
}

// byHand changes a value of an instance through the API.
func (s *Story) byHand(parameter, value string) func(context.Context, string) error {
	return func(ctx context.Context, identifier string) error {
		_, err := s.Hand.Do(ctx, "rds", "ModifyDBInstance", "DBInstanceIdentifier", identifier, "ApplyImmediately", "true", parameter, value)
		return err
	}
}

// revoked takes a rule away from a security group, by hand: it comes back, once.
func (s *Story) revoked(ctx context.Context) error {
	rules, err := kube.List(ctx, s.Client, schema.GroupVersionKind{
		Group: "ec2.aws.m.upbound.io", Version: "v1beta1", Kind: "SecurityGroupIngressRule",
	}, client.InNamespace(team), client.MatchingLabels{"crossplane.io/composite": "grows"})
	if err != nil {
		return err
	}
	if len(rules) == 0 {
		return errors.New("no ingress rule is composed")
	}
	id := rules[0].GetAnnotations()["crossplane.io/external-name"]
	group, _, _ := unstructured.NestedString(rules[0].Object, "spec", "forProvider", "securityGroupId")
	mark := s.Wire.Mark()
	if _, err := s.Hand.Do(ctx, "ec2", "RevokeSecurityGroupIngress", "GroupId", group, "SecurityGroupRuleId.1", id); err != nil {
		return err
	}
	if err := s.asked(ctx, mark, "AuthorizeSecurityGroupIngress", 2*time.Minute); err != nil {
		return err
	}
	time.Sleep(2 * poll)
	var again []string
	for _, c := range s.Wire.Writes(mark) {
		if c.Action == "AuthorizeSecurityGroupIngress" {
			again = append(again, c.String())
		}
	}
	s.figure("an ingress rule revoked by hand: created %d times again", len(again))
	if len(again) != 1 {
		return fmt.Errorf("created %d times again:\n  %s", len(again), strings.Join(again, "\n  "))
	}
	return nil
}

// lost deletes a database out of band: a data holder is made once, so nothing takes its name. Whatever the provider tries is refused, until
// somebody consents to start anew.
func (s *Story) lost(ctx context.Context) error {
	const title = "a database deleted out of band"
	database, err := s.get(ctx, v1.AppDatabaseKind, team, "lost")
	if err != nil {
		return err
	}
	identifier, _, _ := unstructured.NestedString(database.Object, "status", "identifier")
	mark := s.Wire.Mark()
	for _, call := range [][]string{
		{"ModifyDBInstance", "DBInstanceIdentifier", identifier, "DeletionProtection", "false", "ApplyImmediately", "true"},
		{"DeleteDBInstance", "DBInstanceIdentifier", identifier, "SkipFinalSnapshot", "true"},
	} {
		if _, err := s.Hand.Do(ctx, "rds", call[0], call[1:]...); err != nil {
			return err
		}
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(5 * poll):
	}
	made, refused := s.creations(mark, identifier)
	live, err := s.get(ctx, v1.AppDatabaseKind, team, "lost")
	if err != nil {
		return err
	}
	_, reason, message := kube.Condition(live, "DatabaseReady")
	s.figure("%s: %d attempts to create it again, all refused with DBInstanceNotFound; its condition says %s: %s", title, len(refused),
		reason, message)
	if len(made) > 0 {
		return fmt.Errorf("created again, and empty: %v", made)
	}
	for _, call := range refused {
		if !strings.Contains(call.Error, "DBInstanceNotFound") {
			return fmt.Errorf("AWS was to find nothing to make it from: %s: %s", call, call.Error)
		}
	}
	if status, _, _ := kube.Condition(live, "Ready"); status == "True" || reason != "DataLost" {
		return fmt.Errorf("the claim is Ready=%s and DatabaseReady says %s: %s", status, reason, message)
	}
	return s.startAnew(ctx, title, live, identifier)
}

// startAnew consents to the loss: the database is made once, and nothing is tried any more.
func (s *Story) startAnew(ctx context.Context, title string, lost *unstructured.Unstructured, identifier string) error {
	mark := s.Wire.Mark()
	before := client.MergeFrom(lost.DeepCopy())
	annotations := lost.GetAnnotations()
	if annotations == nil {
		annotations = map[string]string{}
	}
	annotations[v1.AllowDataLossAnnotation] = "database-instance"
	lost.SetAnnotations(annotations)
	if err := s.Client.Patch(ctx, lost, before); err != nil {
		return err
	}
	if err := s.asked(ctx, mark, "CreateDBInstance", patience); err != nil {
		return err
	}
	for end := time.Now().Add(patience); ; time.Sleep(time.Second) {
		live, err := s.get(ctx, v1.AppDatabaseKind, team, "lost")
		if err != nil {
			return err
		}
		status, reason, message := kube.Condition(live, "Ready")
		if status == "True" {
			break
		}
		if time.Now().After(end) || ctx.Err() != nil {
			return fmt.Errorf("with consent it is not made anew: Ready is %s: %s %s%s", status, reason, message, kube.Unhappy(live))
		}
	}
	made, _ := s.creations(mark, identifier)
	s.figure("%s: with consent it is created %d times, and Ready", title, len(made))
	if len(made) != 1 {
		return fmt.Errorf("with consent it was created %d times: %v", len(made), made)
	}
	return nil
}

// creations of a database since a mark: those that went well, and those that were refused.
func (s *Story) creations(mark int, identifier string) (made, refused []wire.Call) {
	for _, c := range s.Wire.Writes(mark) {
		switch {
		case !creates(c) || c.Params["DBInstanceIdentifier"] != identifier:
		case c.Status < 300:
			made = append(made, c)
		default:
			refused = append(refused, c)
		}
	}
	return made, refused
}
