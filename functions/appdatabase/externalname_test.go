package appdatabase

import "testing"

// The creation of an instance takes minutes, and what RDS calls it is written down when that is over: a provider that restarts in between
// finds it by our identifier. What RDS calls it then takes that place, and stays there when the status is lost.
func TestInstanceIsFoundWhileItIsCreated(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.asleep = []string{nameInstance}
	w.step()
	w.step()
	o := wanted(w.compose(), nameInstance)
	identifier := o.String("spec", "forProvider", "identifier")
	if identifier == "" {
		t.Fatal("no instance is composed")
	}
	equal(t, "while it is created", identifier, o.Annotation(externalName))
	set(w.observed[nameInstance], "status.atProvider.id", "db-ABC")
	equal(t, "when its id is known", "db-ABC", wanted(w.compose(), nameInstance).Annotation(externalName))
	set(w.observed[nameInstance], "metadata.annotations", fields{externalName: "db-ABC"})
	set(w.observed[nameInstance], "status.atProvider", fields{})
	equal(t, "when its status is lost", "db-ABC", wanted(w.compose(), nameInstance).Annotation(externalName))

	cluster := newWorld(t).with(fields{"engine": "aurora-postgresql"})
	cluster.settle()
	equal(t, "a cluster has the name of its object", "", wanted(cluster.compose(), nameCluster).Annotation(externalName))
}
