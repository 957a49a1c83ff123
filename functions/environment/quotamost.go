package environment

import (
	"fmt"

	"k8s.io/apimachinery/pkg/api/resource"

	v1 "github.com/goldenpath-dev/goldenpath/apis/v1"
	inputv1 "github.com/goldenpath-dev/goldenpath/functions/environment/input/v1"
	"github.com/goldenpath-dev/goldenpath/functions/internal/conditions"
	"github.com/goldenpath-dev/goldenpath/functions/internal/plan"
	"github.com/goldenpath-dev/goldenpath/functions/internal/tier"
)

// amount is one quantity of a quota, and the most that it may be.
type amount struct{ field, value, most string }

// amounts of a quota, with their bounds. Those that are not given are empty.
func amounts(q v1.Quota, most tier.Quota) []amount {
	all := []amount{
		{"cpu", q.CPU, most.CPU}, {"memory", q.Memory, most.Memory}, {"storage", q.Storage, most.Storage},
		{field: "pods", most: fmt.Sprint(most.Pods)},
	}
	if q.Pods > 0 {
		all[3].value = fmt.Sprint(q.Pods)
	}
	return all
}

// exceeds says that one quantity is more than another. Both have been checked.
func exceeds(value, most string) bool {
	v, err := resource.ParseQuantity(value)
	m, bad := resource.ParseQuantity(most)
	return err == nil && bad == nil && v.Cmp(m) > 0
}

// quotaWithin: what all environments reserve is the platform's. The quota of one that has more stays as it is.
func quotaWithin(e *environment) *plan.Refusal {
	for _, a := range amounts(e.claim.quota, e.data.tiers[e.claim.kind].Most) {
		if a.value == "" || !exceeds(a.value, a.most) {
			continue
		}
		return plan.Refuse(v1.ConditionClusterReady, conditions.InvalidQuota, fmt.Sprintf("spec.quota.%s: %s is more than %s, the most that an "+
			"environment of type %s may have here. Write %s or less, or ask the platform team to raise tiers.%s.maxQuota.%s in the input of the "+
			"Composition", a.field, a.value, a.most, e.claim.kind, a.most, e.claim.kind, a.field))
	}
	return nil
}

// tuneMost are the bounds of a tier: ours, raised to what the tier itself has, or what the input says.
func tuneMost(t tier.Environment, in *inputv1.MaxQuota) (tier.Quota, error) {
	own := amounts(v1.Quota{CPU: t.CPU, Memory: t.Memory, Storage: t.Storage, Pods: t.Pods}, t.Most)
	most := t.Most
	into := []*string{&most.CPU, &most.Memory, &most.Storage}
	for i := range into {
		if exceeds(own[i].value, own[i].most) {
			*into[i] = own[i].value
		}
	}
	most.Pods = max(most.Pods, t.Pods)
	if in == nil {
		return most, nil
	}
	for i, said := range []string{in.CPU, in.Memory, in.Storage} {
		if said == "" {
			continue
		}
		if err := checkQuantity(own[i].field, said); err != nil {
			return most, err
		}
		if exceeds(own[i].value, said) {
			return most, lessThanTheTier(own[i].field, said, own[i].value)
		}
		*into[i] = said
	}
	switch {
	case in.Pods < 0:
		return most, fmt.Errorf("pods: %d; write 1 or more", in.Pods)
	case in.Pods > 0 && in.Pods < t.Pods:
		return most, lessThanTheTier("pods", fmt.Sprint(in.Pods), fmt.Sprint(t.Pods))
	case in.Pods > 0:
		most.Pods = in.Pods
	}
	return most, nil
}

func lessThanTheTier(field, said, tier string) error {
	return fmt.Errorf("%s: %s is less than %s, what the tier has when a claim says nothing; write more, or lower that", field, said, tier)
}
