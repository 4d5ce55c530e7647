#include "tools/rookery/bench/socket.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/wire/zookeeper/frame.h"
#include "coordinator/wire/zookeeper/handshake.h"

namespace rookery::tools::bench {
namespace {

constexpr int kConnectTimeoutSeconds = 10;

absl::Status Errno(absl::string_view what) {
  return absl::UnavailableError(absl::StrCat(what, ": ", strerror(errno)));
}

absl::StatusOr<int> ConnectTo(const Address& server) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const std::string port = absl::StrCat(server.port);
  if (const int error = getaddrinfo(server.host.c_str(), port.c_str(), &hints, &found);
      error != 0) {
    return absl::UnavailableError(
        absl::StrCat("cannot resolve ", server.host, ": ", gai_strerror(error)));
  }
  absl::Status status = absl::UnavailableError("no address");
  for (const addrinfo* at = found; at != nullptr; at = at->ai_next) {
    const int fd = socket(at->ai_family, at->ai_socktype | SOCK_CLOEXEC, at->ai_protocol);
    if (fd < 0) continue;
    const timeval timeout{kConnectTimeoutSeconds, 0};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout));
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout));
    if (connect(fd, at->ai_addr, at->ai_addrlen) == 0) {
      freeaddrinfo(found);
      const int on = 1;
      setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
      return fd;
    }
    status = Errno(absl::StrCat("cannot connect to ", server.ToString()));
    close(fd);
  }
  freeaddrinfo(found);
  return status;
}

// Exchanges the handshake on a socket that blocks.
absl::Status Handshake(int fd, const Address& server, int32_t session_timeout_ms) {
  std::string bytes;
  wire::EncodeConnectRequest({.timeout_ms = session_timeout_ms}, &bytes);
  if (send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(bytes.size())) {
    return Errno(absl::StrCat("cannot send to ", server.ToString()));
  }
  wire::FrameSplitter splitter(wire::kFrameBytesMaxDefault,
                               wire::FrameSplitter::FirstBytes::kFrame);
  while (true) {
    char buffer[256];
    const ssize_t count = recv(fd, buffer, sizeof(buffer), 0);
    if (count < 0) return Errno(absl::StrCat(server.ToString(), " does not answer"));
    if (count == 0) {
      return absl::UnavailableError(
          absl::StrCat(server.ToString(), " closed the connection: it may not be serving"));
    }
    splitter.Append(absl::string_view(buffer, count));
    const auto item = splitter.Next();
    if (item.kind == wire::FrameSplitter::Kind::kMore) continue;
    ROOKERY_ASSIGN_OR_RETURN(const auto response, wire::DecodeConnectResponse(item.bytes));
    if (response.session != 0) return absl::OkStatus();
    return absl::UnavailableError(absl::StrCat(server.ToString(), " refused a session"));
  }
}

}  // namespace

absl::StatusOr<Socket> Socket::OpenSession(const Address& server, int32_t session_timeout_ms) {
  ROOKERY_ASSIGN_OR_RETURN(const int fd, ConnectTo(server));
  Socket socket(fd);
  ROOKERY_RETURN_IF_ERROR(Handshake(fd, server, session_timeout_ms));
  if (fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK) != 0) return Errno("fcntl");
  return socket;
}

Socket::Socket(Socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

Socket& Socket::operator=(Socket&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

Socket::~Socket() {
  if (fd_ >= 0) close(fd_);
}

absl::StatusOr<size_t> Socket::Write(absl::string_view bytes) {
  const ssize_t count = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (count >= 0) return static_cast<size_t>(count);
  if (errno == EAGAIN || errno == EINTR) return 0;
  return Errno("connection lost while sending");
}

absl::StatusOr<size_t> Socket::Read(char* buffer, size_t size) {
  const ssize_t count = recv(fd_, buffer, size, 0);
  if (count > 0) return static_cast<size_t>(count);
  if (count == 0) return absl::UnavailableError("the server closed the connection");
  if (errno == EAGAIN || errno == EINTR) return 0;
  return Errno("connection lost while receiving");
}

}  // namespace rookery::tools::bench
