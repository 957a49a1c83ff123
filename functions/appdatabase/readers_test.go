package appdatabase

import "testing"

func replicaHost(number string) string {
	return "replica-" + number + ".abc.eu-west-1.rds.amazonaws.com"
}

// Where to read only stands in the Secret for as long as somebody answers there.
func TestReaderHosts(t *testing.T) {
	t.Parallel()
	lose := func(names ...string) func(*world) {
		return func(w *world) {
			for _, name := range names {
				delete(w.observed[name], "status")
			}
		}
	}
	two := replicaHost("1") + "," + replicaHost("2")
	cases := map[string]struct {
		engine   string
		replicas int
		change   func(*world)
		want     string
	}{
		"none":                                         {"postgres", 0, nil, ""},
		"one replica":                                  {"mysql", 1, nil, replicaHost("1")},
		"two replicas":                                 {"postgres", 2, nil, two},
		"a replica that lost its status":               {"postgres", 2, lose(replica1), two},
		"replicas that lost their status":              {"postgres", 2, lose(replica1, replica2), two},
		"replicas that are not well":                   {"postgres", 2, func(w *world) { set(w.observed[replica1], "status.conditions", []any{}) }, two},
		"an object that lost its status":               {"postgres", 2, func(w *world) { delete(w.xr, "status") }, two},
		"all that lost their status":                   {"postgres", 2, func(w *world) { delete(w.xr, "status"); lose(nameInstance, replica1, replica2)(w) }, two},
		"an Environment that is away":                  {"postgres", 2, func(w *world) { w.env = nil }, two},
		"fewer replicas":                               {"postgres", 2, func(w *world) { w.scale(1) }, replicaHost("1")},
		"no replicas any more":                         {"postgres", 2, func(w *world) { w.scale(0) }, ""},
		"a cluster without readers":                    {"aurora-postgresql", 0, nil, ""},
		"a cluster, which has one address for all":     {"aurora-postgresql", 2, nil, readerHost},
		"a cluster that lost its status":               {"aurora-postgresql", 1, lose(nameCluster), readerHost},
		"readers that lost their status":               {"aurora-postgresql", 1, lose(member1, member2), readerHost},
		"the object of a cluster that lost its status": {"aurora-postgresql", 1, func(w *world) { delete(w.xr, "status") }, readerHost},
		"after a failover":                             {"aurora-postgresql", 1, func(w *world) { w.failover("2") }, readerHost},
		"a cluster without readers any more":           {"aurora-postgresql", 1, func(w *world) { w.scale(0) }, ""},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			for _, legacy := range []bool{false, true} {
				w := newWorld(t)
				if legacy {
					w.claimed()
				}
				w.with(fields{"engine": tc.engine, "replicas": tc.replicas}).settle()
				if tc.change != nil {
					tc.change(w)
				}
				p := w.compose()
				data := p.Connection
				if !legacy {
					data = secretData(t, p)
				}
				if data == nil && reason == "all that lost their status" {
					// Core keeps the keys of the claim's Secret that it is not told anew.
					continue
				}
				got, there := data["reader-hosts"]
				if got != tc.want || there != (tc.want != "") {
					t.Errorf("legacy %v: reader-hosts is %q (%v), want %q", legacy, got, there, tc.want)
				}
			}
		})
	}
}

// A reader that has no address yet is not named.
func TestReaderHostsOfWhatIsCreated(t *testing.T) {
	t.Parallel()
	w := newWorld(t).with(fields{"replicas": 2})
	w.asleep = []string{replica2}
	equal(t, "one of two", replicaHost("1"), secretData(t, w.settle())["reader-hosts"])
	w.asleep = nil
	w.wake(replica2)
	equal(t, "both", replicaHost("1")+","+replicaHost("2"), secretData(t, w.settle())["reader-hosts"])
}

// How clients speak to each engine, and what verifies the server.
func TestConnectionOfEachEngine(t *testing.T) {
	t.Parallel()
	cases := map[string][]string{
		"postgres": {"postgresql", "postgresql://" + host + ":5432/orders?sslmode=verify-full",
			"jdbc:postgresql://" + host + ":5432/orders?sslmode=verify-full"},
		"mysql": {"mysql", "mysql://" + host + ":3306/orders?ssl-mode=VERIFY_IDENTITY", "jdbc:mysql://" + host + ":3306/orders?sslMode=VERIFY_IDENTITY"},
		"mariadb": {"mariadb", "mysql://" + host + ":3306/orders?ssl-mode=VERIFY_IDENTITY",
			"jdbc:mariadb://" + host + ":3306/orders?sslMode=verify-full"},
		"aurora-postgresql": {"postgresql", "postgresql://" + clusterHost + ":5432/orders?sslmode=verify-full",
			"jdbc:postgresql://" + clusterHost + ":5432/orders?sslmode=verify-full"},
		"aurora-mysql": {"mysql", "mysql://" + clusterHost + ":3306/orders?ssl-mode=VERIFY_IDENTITY",
			"jdbc:mysql://" + clusterHost + ":3306/orders?sslMode=VERIFY_IDENTITY"},
	}
	dialects := map[string]string{
		"postgres": "postgresql", "mysql": "mysql", "mariadb": "mariadb", "aurora-postgresql": "postgresql", "aurora-mysql": "mysql",
	}
	for engine, want := range cases {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			p := newWorld(t).with(fields{"engine": engine}).settle()
			data := secretData(t, p)
			equal(t, "data", want, []string{data["type"], data["uri"], data["jdbc-url"]})
			equal(t, "type", "servicebinding.io/"+want[0], wanted(p, nameConnection).String("type"))
			equal(t, "dialect", dialects[engine], p.Wiring.Database.Engine)
		})
	}
}
