# The runtime image of every function, for those who have Docker. `make packages` builds the same image without it, and a test
# in hack/packages holds the two together.
#
#   docker build --build-arg VERSION=v0.1.0 -t goldenpath .
#   docker run --rm goldenpath serve appdatabase --insecure
ARG GO_VERSION=1.25

FROM --platform=$BUILDPLATFORM golang:${GO_VERSION} AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY apis apis
COPY functions functions
ARG VERSION=v0.0.0-dev
ARG TARGETOS
ARG TARGETARCH
RUN CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH \
    go build -trimpath -buildvcs=false -ldflags "-s -w -X main.version=$VERSION" -o /goldenpath ./functions

FROM scratch
ARG VERSION=v0.0.0-dev
ARG REVISION=unknown
LABEL org.opencontainers.image.source="https://github.com/goldenpath-dev/goldenpath" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /goldenpath /goldenpath
USER 2000:2000
EXPOSE 9443 8080
ENTRYPOINT ["/goldenpath"]
