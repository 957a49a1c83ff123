package partition

// Partitions of AWS.
//
// Names, domains, regions and prefixes: https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html and
// https://github.com/aws/aws-sdk-go-v2/blob/main/internal/endpoints/awsrulesfn/partitions.json (2026-11).
//
// Names of endpoints: https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html is the list of aws; those
// of the others are what describe-vpc-endpoint-services answers there, as
// https://github.com/aws/aws-cdk/blob/main/packages/aws-cdk-lib/aws-ec2/lib/vpc-endpoint.ts keeps it.
func Partitions() []Partition {
	return append([]Partition{
		{
			Name: "aws", Domain: "amazonaws.com",
			Prefixes: []string{"us", "eu", "ap", "sa", "ca", "me", "af", "il", "mx"},
			Regions: []string{
				"af-south-1", "ap-east-1", "ap-east-2", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-south-2",
				"ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5", "ap-southeast-6", "ap-southeast-7",
				"ca-central-1", "ca-west-1", "eu-central-1", "eu-central-2", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-2",
				"eu-west-3", "il-central-1", "me-central-1", "me-south-1", "mx-central-1", "sa-east-1", "us-east-1", "us-east-2", "us-west-1",
				"us-west-2",
			},
		},
		china(),
		{
			Name: "aws-us-gov", Domain: "amazonaws.com", Prefixes: []string{"us-gov"}, Regions: []string{"us-gov-east-1", "us-gov-west-1"},
		},
		{
			Name: "aws-eusc", Domain: "amazonaws.eu", Prefixes: []string{"eusc-de"}, Regions: []string{"eusc-de-east-1"},
			Reverse:  "eu.amazonaws",
			Reversed: map[string][]string{"eusc-de-east-1": {"ecr.api", "ecr.dkr", "execute-api", "securityhub"}},
		},
	}, isolated()...)
}

// isolated are the partitions that have no way to the others.
func isolated() []Partition {
	return []Partition{
		{
			Name: "aws-iso", Domain: "c2s.ic.gov", Prefixes: []string{"us-iso"}, Regions: []string{"us-iso-east-1", "us-iso-west-1"},
			Reverse: "gov.ic.c2s",
			Reversed: map[string][]string{
				"us-iso-east-1": {
					"application-autoscaling", "athena", "autoscaling", "comprehend", "diode-messaging", "diode-messaging-proxy", "ebs", "ec2",
					"ecr.api", "ecr.dkr", "elasticfilesystem", "elasticfilesystem-fips", "execute-api", "sagemaker.api", "sagemaker.runtime", "sns",
					"sqs", "textract", "textract-fips", "transcribe", "workspaces",
				},
				"us-iso-west-1": {
					"autoscaling", "ebs", "ec2", "ecr.api", "ecr.dkr", "elasticfilesystem", "elasticfilesystem-fips", "execute-api", "monitoring",
					"sns", "sqs", "workspaces",
				},
			},
		},
		{
			Name: "aws-iso-b", Domain: "sc2s.sgov.gov", Prefixes: []string{"us-isob"}, Regions: []string{"us-isob-east-1", "us-isob-west-1"},
			Reverse: "gov.sgov.sc2s",
			Reversed: map[string][]string{
				"us-isob-east-1": {
					"application-autoscaling", "autoscaling", "diode-messaging", "diode-messaging-proxy", "ebs", "ec2", "ecr.api", "ecr.dkr",
					"elasticfilesystem", "elasticfilesystem-fips", "execute-api", "sagemaker.api", "sagemaker.runtime", "sns", "sqs", "workspaces",
				},
				"us-isob-west-1": {"ecr.api", "ecr.dkr", "elasticfilesystem-fips", "execute-api"},
			},
		},
		{
			Name: "aws-iso-e", Domain: "cloud.adc-e.uk", Prefixes: []string{"eu-isoe"}, Regions: []string{"eu-isoe-west-1"},
			Reverse:  "uk.adc-e.cloud",
			Reversed: map[string][]string{"eu-isoe-west-1": {"ebs", "ecr.api", "ecr.dkr", "execute-api"}},
		},
		{
			Name: "aws-iso-f", Domain: "csp.hci.ic.gov", Prefixes: []string{"us-isof"}, Regions: []string{"us-isof-east-1", "us-isof-south-1"},
			Reverse: "gov.ic.hci.csp",
			Reversed: map[string][]string{
				"us-isof-east-1":  {"ebs", "ecr.api", "ecr.dkr", "execute-api"},
				"us-isof-south-1": {"ebs", "ecr.api", "ecr.dkr", "execute-api"},
			},
		},
	}
}

// china is the partition in which most endpoints have reversed names. Its two regions are run by two companies, and differ a little.
// https://docs.amazonaws.cn/en_us/aws/latest/userguide/endpoints-arns.html
func china() Partition {
	both := []string{
		"application-autoscaling", "appmesh-envoy-management", "athena", "autoscaling", "awsconnector", "backup", "batch", "cassandra",
		"cloudcontrolapi", "cloudformation", "codedeploy-commands-secure", "databrew", "dms", "ebs", "ec2", "ecr.api", "ecr.dkr", "eks",
		"elasticache", "elasticbeanstalk", "elasticfilesystem", "elasticfilesystem-fips", "emr-containers", "execute-api", "fsx",
		"imagebuilder", "iot.data", "kinesis-streams", "lambda", "license-manager", "monitoring", "rds", "redshift", "redshift-data",
		"sagemaker.api", "sagemaker.featurestore-runtime", "sagemaker.runtime", "securityhub", "servicecatalog", "sms", "sqs", "states", "sts",
		"sync-states", "synthetics", "transcribestreaming", "transfer", "xray",
	}
	return Partition{
		Name: "aws-cn", Domain: "amazonaws.com.cn", Prefixes: []string{"cn"}, Regions: []string{"cn-north-1", "cn-northwest-1"},
		Reverse: "cn.com.amazonaws",
		Reversed: map[string][]string{
			"cn-north-1":     append([]string{"iotsitewise.api", "iotsitewise.data"}, both...),
			"cn-northwest-1": append([]string{"account", "polly", "workspaces"}, both...),
		},
	}
}
