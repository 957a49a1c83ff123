// Command etcd runs one embedded etcd member without durability, for a control plane that lives for an afternoon.
package main

import (
	"flag"
	"fmt"
	"net/url"
	"os"
	"os/signal"
	"syscall"
	"time"

	"go.etcd.io/etcd/server/v3/embed"
)

// version is set by the linker to the version of etcd that go.mod names.
var version = "dev"

func main() {
	dir := flag.String("data-dir", "", "directory of the data")
	client := flag.String("client", "127.0.0.1:2379", "loopback address for clients")
	peer := flag.String("peer", "127.0.0.1:2380", "loopback address for peers; there are none")
	show := flag.Bool("version", false, "print the version")
	flag.Parse()
	if *show {
		fmt.Println(version)
		return
	}
	if err := run(*dir, *client, *peer); err != nil {
		fmt.Fprintln(os.Stderr, "etcd:", err)
		os.Exit(1)
	}
}

func run(dir, client, peer string) error {
	cfg := embed.NewConfig()
	cfg.Name, cfg.Dir = "goldenpath", dir
	cfg.ListenClientUrls, cfg.AdvertiseClientUrls = []url.URL{{Scheme: "http", Host: client}}, []url.URL{{Scheme: "http", Host: client}}
	cfg.ListenPeerUrls, cfg.AdvertisePeerUrls = []url.URL{{Scheme: "http", Host: peer}}, []url.URL{{Scheme: "http", Host: peer}}
	cfg.InitialCluster = cfg.InitialClusterFromName(cfg.Name)
	cfg.UnsafeNoFsync = true
	cfg.LogLevel = "warn"
	cfg.WarningUnaryRequestDuration = 5 * time.Second // zero logs every request
	e, err := embed.StartEtcd(cfg)
	if err != nil {
		return fmt.Errorf("cannot start: %w", err)
	}
	defer e.Close()
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, syscall.SIGINT)
	select {
	case <-stop:
		return nil
	case err := <-e.Err():
		return fmt.Errorf("stopped: %w", err)
	}
}
