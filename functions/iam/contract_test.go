package iam

import (
	"testing"

	pipelinev1 "github.com/goldenpath-dev/goldenpath/apis/pipeline/v1"
)

// The contract may come from somebody else's composite. Its values end up in what service accounts may do.
func TestWrongContract(t *testing.T) {
	t.Parallel()
	action := func(text string) func(*world) { return func(w *world) { w.wiring.Grants[1].Actions[0] = text } }
	resource := func(text string) func(*world) { return func(w *world) { w.wiring.Grants[1].Resources[0] = text } }
	const (
		actions   = `grants[1].actions[0]: `
		resources = `grants[1].resources[0]: `
		noARN     = ` is not an ARN; write arn:<partition>:<service>:<region>:<account>:<resource>`
		head      = ` has a partition, service, region or account that cannot be; none of them may be empty or hold a wildcard`
		early     = ` has a wildcard before its last segment; name that exactly`
		alone     = ` ends in a segment that names nothing; a wildcard may not stand alone`
		alphabet  = ` has a resource with characters that it may not have; write letters, digits and -_./:+=,@`
		exact     = `; write <service>:<Action> without a wildcard`
	)
	cases := map[string]struct {
		change func(*world)
		want   string
	}{
		"unknown role":            {func(w *world) { w.wiring.Access[0].Role = "owner" }, `access[0].role: "owner"; write reader, writer or admin`},
		"unknown role of a grant": {func(w *world) { w.wiring.Grants[1].Role = "" }, `grants[1].role: ""; write reader, writer or admin`},
		"every account": {func(w *world) { w.wiring.Access[0].ServiceAccount = "*" },
			`access[0].serviceAccount: "*" is not the name of a service account`},
		"no actions":          {func(w *world) { w.wiring.Grants[1].Actions = nil }, `grants[1].actions: write at least one`},
		"no resources":        {func(w *world) { w.wiring.Grants[1].Resources = nil }, `grants[1].resources: write at least one`},
		"every action":        {action("*"), actions + `"*"` + exact},
		"all of a service":    {action("rds-db:*"), actions + `"rds-db:*"` + exact},
		"all that begin so":   {action("s3:Get*"), actions + `"s3:Get*"` + exact},
		"one letter":          {action("s3:Ge?Object"), actions + `"s3:Ge?Object"` + exact},
		"no service":          {action(":Connect"), actions + `":Connect"` + exact},
		"no action":           {action("rds-db:"), actions + `"rds-db:"` + exact},
		"two actions":         {action("s3:Get,s3:Put"), actions + `"s3:Get,s3:Put"` + exact},
		"everything":          {resource("*"), resources + `"*"` + noARN},
		"five parts":          {resource("arn:aws:s3::b"), resources + `"arn:aws:s3::b"` + noARN},
		"no arn":              {resource("urn:aws:s3:::b"), resources + `"urn:aws:s3:::b"` + noARN},
		"every partition":     {resource("arn:*:s3:::b"), resources + `"arn:*:s3:::b"` + head},
		"partition aws*":      {resource("arn:aws*:s3:::b"), resources + `"arn:aws*:s3:::b"` + head},
		"every service":       {resource("arn:aws:*:::b"), resources + `"arn:aws:*:::b"` + head},
		"no service in ARN":   {resource("arn:aws::::b"), resources + `"arn:aws::::b"` + head},
		"every region":        {resource("arn:aws:sqs:*:111122223333:q"), resources + `"arn:aws:sqs:*:111122223333:q"` + head},
		"every account in it": {resource("arn:aws:sqs:eu-west-1:*:q"), resources + `"arn:aws:sqs:eu-west-1:*:q"` + head},
		"a short account":     {resource("arn:aws:sqs:eu-west-1:1:q"), resources + `"arn:aws:sqs:eu-west-1:1:q"` + head},
		"no account in it": {resource("arn:aws:rds-db:eu-west-1::dbuser:db-A/orders"),
			resources + `"arn:aws:rds-db:eu-west-1::dbuser:db-A/orders"` + head},
		"no region in it":        {resource("arn:aws:sqs::111122223333:q"), resources + `"arn:aws:sqs::111122223333:q"` + head},
		"S3 with a wrong region": {resource("arn:aws:s3:*::b"), resources + `"arn:aws:s3:*::b"` + head},
		"no resource in it":      {resource("arn:aws:s3:::"), resources + `"arn:aws:s3:::"` + alphabet},
		"a bare wildcard":        {resource("arn:aws:s3:::*"), resources + `"arn:aws:s3:::*"` + alone},
		"every user":             {resource(user + "*"), resources + `"` + user + `*"` + alone},
		"every user, twice":      {resource(user + "**"), resources + `"` + user + `**"` + alone},
		"every database": {resource("arn:aws:rds-db:eu-west-1:111122223333:dbuser:*/orders"),
			resources + `"arn:aws:rds-db:eu-west-1:111122223333:dbuser:*/orders"` + early},
		"databases that begin so": {resource("arn:aws:rds-db:eu-west-1:111122223333:dbuser:db-*/orders*"),
			resources + `"arn:aws:rds-db:eu-west-1:111122223333:dbuser:db-*/orders*"` + early},
		"ends in a slash":    {resource("arn:aws:s3:::b/"), resources + `"arn:aws:s3:::b/"` + alone},
		"one character":      {resource("arn:aws:s3:::b?"), resources + `"arn:aws:s3:::b?"` + alphabet},
		"a policy variable":  {resource("arn:aws:s3:::${aws:username}"), resources + `"arn:aws:s3:::${aws:username}"` + alphabet},
		"white space":        {resource("arn:aws:s3:::a b"), resources + `"arn:aws:s3:::a b"` + alphabet},
		"a verdict of sorts": {func(w *world) { w.wiring.AccessReady.Status = "yes" }, `accessReady.status: "yes"; write True, False or Unknown`},
		"a verdict without a reason": {func(w *world) { w.wiring.AccessReady.Reason = "" },
			`accessReady.reason: write one word`},
	}
	for reason, tc := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := readyWorld(t)
			tc.change(w)
			if _, err := Stage().Compose(w.in()); err == nil || err.Error() != "the wiring contract is wrong: "+tc.want {
				t.Errorf("Compose() = %v, want %s", err, tc.want)
			}
		})
	}
}

func TestRightContract(t *testing.T) {
	t.Parallel()
	for reason, g := range map[string]pipelinev1.Grant{
		"a wildcard in the last segment": {Role: "reader", Actions: []string{"s3:GetObject"}, Resources: []string{"arn:aws:s3:::orders/reports-*"}},
		"no region and no account":       {Role: "admin", Actions: []string{"s3:ListBucket"}, Resources: []string{"arn:aws:s3:::orders"}},
		"another partition": {Role: "writer", Actions: []string{"sqs:SendMessage", "kms:Decrypt"},
			Resources: []string{"arn:aws-cn:sqs:cn-north-1:111122223333:orders.fifo", "arn:aws-us-gov:kms:us-gov-west-1:111122223333:key/1-2"}},
	} {
		w := newWorld(t)
		w.wiring.Grants = []pipelinev1.Grant{g}
		if err := check(w.wiring); err != nil {
			t.Errorf("%s: %v", reason, err)
		}
	}
}

func TestParseRole(t *testing.T) {
	t.Parallel()
	type result struct {
		Account, Name string
		OK            bool
	}
	const long = "role-of-sixty-four-characters-0123456789012345678901234567890123"
	for reason, tc := range map[string]struct {
		arn  string
		want result
	}{
		"plain":                {"arn:aws:iam::111122223333:role/orders", result{"111122223333", "orders", true}},
		"path":                 {"arn:aws:iam::111122223333:role/a/b/Orders_+=,.@-", result{"111122223333", "Orders_+=,.@-", true}},
		"other partition":      {"arn:aws-us-gov:iam::111122223333:role/orders", result{"111122223333", "orders", true}},
		"longest name":         {"arn:aws:iam::111122223333:role/" + long, result{"111122223333", long, true}},
		"name too long":        {arn: "arn:aws:iam::111122223333:role/x" + long},
		"nothing":              {arn: ""},
		"no name":              {arn: "arn:aws:iam::111122223333:role/"},
		"empty path":           {arn: "arn:aws:iam::111122223333:role//orders"},
		"user":                 {arn: "arn:aws:iam::111122223333:user/orders"},
		"assumed role":         {arn: "arn:aws:sts::111122223333:assumed-role/orders/session"},
		"region":               {arn: "arn:aws:iam:eu-west-1:111122223333:role/orders"},
		"wildcard":             {arn: "arn:aws:iam::111122223333:role/orders-*"},
		"account too short":    {arn: "arn:aws:iam::1111:role/orders"},
		"account with letters": {arn: "arn:aws:iam::11112222333x:role/orders"},
		"other cloud":          {arn: "arn:gcp:iam::111122223333:role/orders"},
		"no arn":               {arn: "aws:aws:iam::111122223333:role/orders"},
		"a part more":          {arn: "arn:aws:iam::111122223333:role/orders:x"},
	} {
		account, name, ok := parseRole(tc.arn)
		if !ok {
			account, name = "", ""
		}
		equal(t, reason, tc.want, result{account, name, ok})
	}
}
