// A ZooKeeper session over a bare socket: as little between the load and the kernel as can be.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "coordinator/base/network.h"

namespace rookery::tools::bench {

// Owns the descriptor.
class Socket {
 public:
  // Connects and opens a session, waiting for both. The socket does not block afterwards.
  static absl::StatusOr<Socket> OpenSession(const Address& server, int32_t session_timeout_ms);
  Socket(Socket&& other) noexcept;
  Socket& operator=(Socket&& other) noexcept;
  ~Socket();

  int fd() const { return fd_; }
  // Bytes taken by the kernel, perhaps fewer than there are.
  absl::StatusOr<size_t> Write(absl::string_view bytes);
  // Bytes read, 0 if there are none at the moment. Unavailable: the server closed.
  absl::StatusOr<size_t> Read(char* buffer, size_t size);

 private:
  explicit Socket(int fd) : fd_(fd) {}
  int fd_ = -1;
};

}  // namespace rookery::tools::bench
