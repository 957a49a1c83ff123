package main

import (
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"

	"github.com/goldenpath-dev/goldenpath/hack/vault/internal/identity"
	"github.com/goldenpath-dev/goldenpath/hack/vault/internal/report"
	"github.com/goldenpath-dev/goldenpath/hack/vault/internal/servers"
	"github.com/goldenpath-dev/goldenpath/hack/vault/internal/translate"
)

// administratorPassword of the databases.
const administratorPassword = "S1mulated-Master+Passw0rd"

// service is a composed AppDatabase whose Vault resources are applied.
type service struct {
	*report.Report
	objects []object
	root    *servers.Vault
	db      servers.Database
	issuer  *identity.Issuer
	// dir has the files that it was rendered from.
	dir string
	// entry is the KV entry as composed, and path where a workload reads it.
	entry map[string]string
	path  string
	// ca signed the certificate of the server.
	ca string
	// login is where the administrator logs in.
	login servers.Login
	// issued are the passwords of users, by their names.
	issued map[string]string
	mu     sync.Mutex
	// tokens of Vault, by level, each got with a token of a service account.
	tokens map[string]*servers.Vault
}

// of is a composed resource by the name of its composition resource.
func (s *service) of(name string) object {
	for _, o := range s.objects {
		if translate.Text(o, "metadata", "annotations", resourceName) == name {
			return o
		}
	}
	return object{}
}

func (s *service) param(name, field string) string {
	return translate.Text(s.of(name), "spec", "forProvider", field)
}

// has says that there is a user of the level to be issued.
func (s *service) has(level string) bool { return s.param("vault-role-"+level, "name") != "" }

// creds is the path at which Vault issues a user of a level.
func (s *service) creds(level string) string {
	return s.param("vault-role-"+level, "backend") + "/creds/" + s.param("vault-role-"+level, "name")
}

// newService reads what the proofs need to know.
func newService(objects []object, root *servers.Vault, db servers.Database, issuer *identity.Issuer, out *report.Report) (*service, error) {
	s := &service{
		Report: out, objects: objects, root: root, db: db, issuer: issuer, issued: map[string]string{}, tokens: map[string]*servers.Vault{},
	}
	raw, err := base64.StdEncoding.DecodeString(translate.Text(s.of("vault-kv-payload"), "data", "data.json"))
	if err != nil {
		return nil, fmt.Errorf("the payload of the KV entry: %w", err)
	}
	if err := json.Unmarshal(raw, &s.entry); err != nil {
		return nil, fmt.Errorf("the payload of the KV entry: %w", err)
	}
	s.path = s.param("vault-kv-entry", "mount") + "/data/" + s.param("vault-kv-entry", "name")
	s.login = servers.Login{User: s.entry["username"], Password: administratorPassword, Database: s.entry["database"]}
	for _, engine := range []string{"postgresql", "mysql"} {
		blocks, _ := translate.At(s.of("vault-connection"), "spec", "forProvider", engine).([]any)
		for _, block := range blocks {
			s.login.User = translate.Text(block, "username")
		}
	}
	if s.login.User == "" || s.login.Database == "" {
		return nil, fmt.Errorf("neither the connection nor the KV entry names an administrator and a database")
	}
	return s, nil
}

// apply makes the database, and what is composed.
func (s *service) apply(ctx context.Context, local translate.Local) error {
	if err := s.db.Prepare(ctx, s.login.Database, s.login.User, s.login.Password); err != nil {
		return err
	}
	requests, err := translate.Requests(s.objects, local)
	if err != nil {
		return err
	}
	for _, r := range requests {
		if _, err := s.root.Do(ctx, r.Method, r.Path, r.Body); err != nil {
			return err
		}
		s.Note("applied %s", r.Path)
		if url, found := r.Body["connection_url"]; found {
			s.Note("        %s, host and port replaced", url)
		}
	}
	return nil
}

func (s *service) authMount() string {
	for _, level := range levels() {
		if mount := s.param("vault-"+s.method()+"-"+level, "backend"); mount != "" {
			return mount
		}
	}
	return ""
}

// user is one that Vault has issued.
type user struct {
	name, password, lease string
	level                 string
}

func (u user) String() string { return u.level + " " + u.name }

// issue reads the credentials of a level with the token of a workload.
func (s *service) issue(ctx context.Context, level string) (user, error) {
	answer, err := s.tokens[level].Do(ctx, http.MethodGet, s.creds(level), nil)
	if err != nil {
		return user{level: level}, err
	}
	u := user{translate.Text(answer.Data, "username"), translate.Text(answer.Data, "password"), answer.LeaseID, level}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.issued[u.name] = u.password
	return u, nil
}

// open logs a user in.
func (s *service) open(ctx context.Context, u user) (*session, error) {
	conn, err := s.db.Open(ctx, servers.Login{User: u.name, Password: u.password, Database: s.login.Database})
	if err != nil {
		return nil, err
	}
	return &session{ctx, conn}, nil
}

// session of somebody in the database.
type session struct {
	ctx  context.Context //nolint:containedctx // A session lasts as long as the proof that it is for.
	conn *sql.Conn
}

func (s *session) do(statement string) error {
	_, err := s.conn.ExecContext(s.ctx, statement)
	return err
}

// text is the first column of the first row.
func (s *session) text(query string) (string, error) {
	var out string
	err := s.conn.QueryRowContext(s.ctx, query).Scan(&out)
	return out, err
}

// close ends the session, unless it was ended from outside already.
func (s *session) close() { _ = s.conn.Close() }
