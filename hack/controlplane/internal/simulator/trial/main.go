// Command trial is not to stay.
package main

import (
	"context"
	"log/slog"
	"os"
	"os/signal"
	"time"

	"k8s.io/client-go/tools/clientcmd"

	"github.com/goldenpath-dev/goldenpath/hack/controlplane/internal/simulator"
)

func main() {
	cfg, err := clientcmd.BuildConfigFromFlags("", os.Getenv("KUBECONFIG"))
	if err != nil {
		panic(err)
	}
	cfg.QPS = -1
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	delay, _ := time.ParseDuration(os.Args[1])
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	if err := simulator.Run(ctx, simulator.Options{RESTConfig: cfg, Address: "127.0.0.1:42399", Delay: delay, Log: log}); err != nil {
		panic(err)
	}
}
