#include "coordinator/base/net/tcp_stream.h"

#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/base/stream_end.h"

namespace rookery {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr size_t kReadBufferFirst = 4u << 10;
constexpr size_t kReadBufferMost = 256u << 10;
// While a handler goes through what was read, as much is worth a system call of its own: the other
// side works on it during the rest.
constexpr size_t kSendAtOnceBytes = 512;

Address PeerOf(const asio::ip::tcp::socket& socket) {
  error_code error;
  return ToAddress(socket.remote_endpoint(error));
}

Address LocalOf(const asio::ip::tcp::socket& socket) {
  error_code error;
  return ToAddress(socket.local_endpoint(error));
}

}  // namespace

// IPv4 in IPv6 clothes, as a dual-stack listener sees it, is IPv4.
Address ToAddress(const asio::ip::tcp::endpoint& endpoint) {
  asio::ip::address address = endpoint.address();
  if (address.is_v6() && address.to_v6().is_v4_mapped()) {
    address = asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
  }
  return {address.to_string(), endpoint.port()};
}

TcpConnection::TcpConnection(asio::ip::tcp::socket socket)
    : peer(PeerOf(socket)), local(LocalOf(socket)), socket_(std::move(socket)) {
  error_code ignored;
  socket_.non_blocking(true, ignored);
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
}

void TcpConnection::Start(StreamHandler* handler) {
  handler_ = handler;
  buffer_.resize(kReadBufferFirst);
  if (!paused_) ReadMore();
}

void TcpConnection::ReadMore() {
  if (reading_ || closed_ || closing_) return;
  reading_ = true;
  socket_.async_read_some(asio::buffer(buffer_),
                          [self = shared_from_this()](const error_code& error, size_t bytes) {
                            self->OnRead(error, bytes);
                          });
}

void TcpConnection::OnRead(const error_code& error, size_t bytes) {
  reading_ = false;
  if (closed_ || closing_ || handler_ == nullptr) return;
  if (error) {
    Fail(error);
    return;
  }
  if (paused_) {
    // The read was under way when reading was paused: keep what came for ResumeReading.
    held_.append(buffer_, 0, bytes);
    return;
  }
  telling_ = true;
  handler_->OnBytes(absl::string_view(buffer_.data(), bytes));
  telling_ = false;
  if (closed_) return;
  if (bytes == buffer_.size() && bytes < kReadBufferMost) buffer_.resize(2 * bytes);
  if (!paused_) ReadMore();
}

void TcpConnection::ResumeReading() {
  if (!paused_) return;
  paused_ = false;
  if (handler_ == nullptr || closed_) return;
  if (held_.empty()) {
    ReadMore();
    return;
  }
  asio::post(socket_.get_executor(), [self = shared_from_this()] {
    if (self->paused_ || self->closed_ || self->handler_ == nullptr) return;
    const std::string held = std::exchange(self->held_, {});
    if (!held.empty()) self->handler_->OnBytes(held);
    if (!self->closed_ && !self->paused_) self->ReadMore();
  });
}

void TcpConnection::Write(std::string bytes) {
  if (closed_ || closing_ || bytes.empty()) return;
  if (waiting_.empty()) {
    waiting_ = std::move(bytes);
  } else {
    waiting_.append(bytes);
  }
  PostSend();
  if (telling_ && waiting_.size() >= kSendAtOnceBytes) SendAtOnce();
}

void TcpConnection::SendAtOnce() {
  if (send_blocked_) return;
  if (sent_ == sending_.size()) {
    sending_.clear();
    sent_ = 0;
    sending_.swap(waiting_);
  }
  error_code error;
  const size_t sent =
      socket_.write_some(asio::buffer(sending_.data() + sent_, sending_.size() - sent_), error);
  // What does not go now, and why, is the business of the Send() that comes: a handler hears
  // nothing from inside of Write().
  if (!error) sent_ += sent;
}

// The send happens after the turn, so that what little was written in it leaves together.
void TcpConnection::PostSend() {
  if (send_posted_ || send_blocked_) return;
  send_posted_ = true;
  asio::post(socket_.get_executor(), [self = shared_from_this()] {
    self->send_posted_ = false;
    self->Send();
  });
}

void TcpConnection::Send() {
  if (closed_ || send_blocked_) return;
  while (true) {
    if (sent_ == sending_.size()) {
      sending_.clear();
      sent_ = 0;
      if (waiting_.empty()) break;
      sending_.swap(waiting_);
    }
    error_code error;
    const size_t sent =
        socket_.write_some(asio::buffer(sending_.data() + sent_, sending_.size() - sent_), error);
    if (error == asio::error::would_block || error == asio::error::try_again) {
      WaitToSend();
      return;
    }
    if (error) {
      Fail(error);
      return;
    }
    sent_ += sent;
  }
  if (closing_) {
    Close();
  } else if (drain_wanted_ && handler_ != nullptr) {
    drain_wanted_ = false;
    handler_->OnDrained();
  }
}

void TcpConnection::WaitToSend() {
  send_blocked_ = true;
  drain_wanted_ = true;
  socket_.async_wait(asio::ip::tcp::socket::wait_write,
                     [self = shared_from_this()](const error_code& error) {
                       self->send_blocked_ = false;
                       if (error) {
                         self->Fail(error);
                       } else {
                         self->Send();
                       }
                     });
}

void TcpConnection::CloseAfterFlush() {
  if (closed_) return;
  handler_ = nullptr;
  closing_ = true;
  if (QueuedBytes() == 0) {
    Close();
  } else {
    PostSend();
  }
}

void TcpConnection::Close() {
  if (closed_) return;
  if (closing_ && QueuedBytes() > 0) return;  // CloseAfterFlush was asked; it ends by itself
  closed_ = true;
  handler_ = nullptr;
  error_code ignored;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
  socket_.close(ignored);
}

void TcpConnection::Fail(const error_code& error) {
  if (closed_) return;
  StreamHandler* handler = std::exchange(handler_, nullptr);
  closing_ = false;
  waiting_.clear();
  sending_.clear();
  sent_ = 0;
  Close();
  if (handler == nullptr) return;
  if (error == asio::error::eof) return handler->OnClosed(absl::OkStatus());
  const std::string message =
      absl::StrCat("connection to ", peer.ToString(), " lost: ", error.message());
  const bool reset = error == asio::error::connection_reset || error == asio::error::broken_pipe;
  handler->OnClosed(reset ? ResetByOtherSide(message) : absl::UnavailableError(message));
}

}  // namespace rookery
