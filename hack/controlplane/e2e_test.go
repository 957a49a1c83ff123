package main

import (
	"strings"
	"testing"
)

func TestScenarios(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range scenarios() {
		if seen[s.Name] {
			t.Errorf("two scenarios are called %s, and would share a namespace", s.Name)
		}
		seen[s.Name] = true
		if len("e2e-"+s.Name) > 50 || strings.ToLower(s.Name) != s.Name {
			t.Errorf("%s does not do for the name of a namespace", s.Name)
		}
	}
}

func TestChoose(t *testing.T) {
	all := scenarios()
	if got, err := choose(all, nil); err != nil || len(got) != len(all) {
		t.Errorf("choose of all = %d, %v", len(got), err)
	}
	if got, err := choose(all, []string{all[1].Name}); err != nil || len(got) != 1 || got[0].Name != all[1].Name {
		t.Errorf("choose of one = %v, %v", got, err)
	}
	if _, err := choose(all, []string{"no-such"}); err == nil || !strings.Contains(err.Error(), all[0].Name) {
		t.Errorf("choose of one that is not there = %v, expected the list of names", err)
	}
}
