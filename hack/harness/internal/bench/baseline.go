package bench

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/signal"
	"syscall"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"google.golang.org/grpc"
)

// maxMessageBytes is the largest request, as in our server.
const maxMessageBytes = 16 << 20

// BaselineCommand is the server to compare with: it decodes the request with gRPC's own codec, and answers recorded bytes.
type BaselineCommand struct {
	Response string `arg:"" type:"existingfile" help:"File with the recorded response."`
	Address  string `default:"127.0.0.1:0" help:"Address to serve on."`
}

// Run implements kong's command.
func (c BaselineCommand) Run() error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	raw, err := os.ReadFile(c.Response)
	if err != nil {
		return fmt.Errorf("cannot read the recorded response: %w", err)
	}
	lis, err := new(net.ListenConfig).Listen(ctx, "tcp", c.Address)
	if err != nil {
		return fmt.Errorf("cannot listen: %w", err)
	}
	srv := baselineServer(raw)
	context.AfterFunc(ctx, srv.Stop)
	fmt.Printf("baseline -> %s\nready\n", lis.Addr())
	return srv.Serve(lis)
}

// baselineServer answers every request with the same bytes, after it has decoded it.
func baselineServer(response []byte) *grpc.Server {
	srv := grpc.NewServer(grpc.ForceServerCodecV2(newCodec()), grpc.MaxRecvMsgSize(maxMessageBytes))
	answer := &message{raw: response}
	srv.RegisterService(&grpc.ServiceDesc{
		ServiceName: serviceName,
		HandlerType: (*any)(nil),
		Methods: []grpc.MethodDesc{{
			MethodName: methodName,
			Handler: func(_ any, _ context.Context, decode func(any) error, _ grpc.UnaryServerInterceptor) (any, error) {
				if err := decode(&fnv1.RunFunctionRequest{}); err != nil {
					return nil, err
				}
				return answer, nil
			},
		}},
	}, struct{}{})
	return srv
}
