#include <boost/asio/connect.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/base/logging.h"
#include "coordinator/base/net/tcp.h"
#include "coordinator/base/net/tcp_stream.h"

namespace rookery {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

// After running out of file descriptors: accepting at once again would only spin.
constexpr std::chrono::milliseconds kAcceptPause{100};

class TcpAcceptor : public std::enable_shared_from_this<TcpAcceptor> {
 public:
  TcpAcceptor(asio::io_context& io, Network::OnAccept on_accept)
      : acceptor_(io), pause_(io), on_accept_(std::move(on_accept)) {}

  error_code Open(const tcp::endpoint& endpoint) {
    error_code error;
    if (acceptor_.open(endpoint.protocol(), error)) return error;
    acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
    if (endpoint.address().is_v6()) acceptor_.set_option(asio::ip::v6_only(false), error);
    if (acceptor_.bind(endpoint, error)) return error;
    acceptor_.listen(asio::socket_base::max_listen_connections, error);
    return error;
  }
  void Accept() {
    acceptor_.async_accept(
        [self = shared_from_this()](const error_code& error, tcp::socket socket) {
          if (!self->acceptor_.is_open()) return;
          if (!error) {
            self->on_accept_(std::make_unique<TcpStream>(std::move(socket)));
            self->Accept();
            return;
          }
          LogWarn("cannot accept connections, trying again", {{"error", error.message()}});
          self->pause_.expires_after(kAcceptPause);
          self->pause_.async_wait([self](const error_code&) {
            if (self->acceptor_.is_open()) self->Accept();
          });
        });
  }
  void Close() {
    error_code ignored;
    acceptor_.close(ignored);
    pause_.cancel(ignored);
  }
  Address Local() const {
    error_code ignored;
    return ToAddress(acceptor_.local_endpoint(ignored));
  }

 private:
  tcp::acceptor acceptor_;
  asio::steady_timer pause_;
  Network::OnAccept on_accept_;
};

class TcpListener final : public Listener {
 public:
  explicit TcpListener(std::shared_ptr<TcpAcceptor> acceptor) : acceptor_(std::move(acceptor)) {}
  ~TcpListener() override { acceptor_->Close(); }
  Address Local() const override { return acceptor_->Local(); }

 private:
  std::shared_ptr<TcpAcceptor> acceptor_;
};

// One attempt: resolve, try the addresses in turn, give up at the deadline. `done` runs once.
class TcpConnector : public std::enable_shared_from_this<TcpConnector> {
 public:
  TcpConnector(asio::io_context& io, Address address, Network::OnConnect done)
      : resolver_(io),
        socket_(io),
        deadline_(io),
        address_(std::move(address)),
        done_(std::move(done)) {}

  void Start(int64_t timeout_us) {
    deadline_.expires_after(std::chrono::microseconds(timeout_us));
    deadline_.async_wait([self = shared_from_this()](const error_code& error) {
      if (error) return;
      self->Finish(absl::DeadlineExceededError(
          absl::StrCat("no answer from ", self->address_.ToString(), " in time")));
    });
    error_code error;
    const asio::ip::address literal = asio::ip::make_address(address_.host, error);
    if (!error) {
      socket_.async_connect(
          {literal, address_.port},
          [self = shared_from_this()](const error_code& why) { self->OnConnected(why); });
      return;
    }
    resolver_.async_resolve(
        address_.host, absl::StrCat(address_.port), tcp::resolver::numeric_service,
        [self = shared_from_this()](const error_code& why,
                                    const tcp::resolver::results_type& found) {
          if (why) {
            self->Finish(absl::UnavailableError(absl::StrCat(
                "cannot resolve the host name '", self->address_.host, "': ", why.message())));
            return;
          }
          asio::async_connect(
              self->socket_, found,
              [self](const error_code& error, const tcp::endpoint&) { self->OnConnected(error); });
        });
  }

 private:
  void OnConnected(const error_code& error) {
    if (!error) {
      Finish(std::make_unique<TcpStream>(std::move(socket_)));
    } else if (error == asio::error::connection_refused) {
      Finish(
          absl::UnavailableError(absl::StrCat("connection to ", address_.ToString(), " refused")));
    } else {
      Finish(absl::UnavailableError(
          absl::StrCat("cannot connect to ", address_.ToString(), ": ", error.message())));
    }
  }
  void Finish(absl::StatusOr<std::unique_ptr<Stream>> result) {
    if (done_ == nullptr) return;
    deadline_.cancel();
    resolver_.cancel();
    error_code ignored;
    socket_.close(ignored);
    std::exchange(done_, nullptr)(std::move(result));
  }

  tcp::resolver resolver_;
  tcp::socket socket_;
  asio::steady_timer deadline_;
  const Address address_;
  Network::OnConnect done_;
};

absl::StatusOr<tcp::endpoint> LocalEndpoint(asio::io_context& io, const Address& address) {
  error_code error;
  if (address.host.empty()) return tcp::endpoint(asio::ip::address_v4::any(), address.port);
  const asio::ip::address literal = asio::ip::make_address(address.host, error);
  if (!error) return tcp::endpoint(literal, address.port);
  // At start only: a blocking look-up of the machine's own name.
  tcp::resolver resolver(io);
  const auto found = resolver.resolve(address.host, absl::StrCat(address.port), error);
  if (error || found.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("cannot resolve the host name '", address.host, "' to listen on"));
  }
  return found.begin()->endpoint();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Listener>> ListenTcp(asio::io_context& io, const Address& address,
                                                    Network::OnAccept on_accept) {
  absl::StatusOr<tcp::endpoint> endpoint = LocalEndpoint(io, address);
  if (!endpoint.ok()) return endpoint.status();
  auto acceptor = std::make_shared<TcpAcceptor>(io, std::move(on_accept));
  const error_code error = acceptor->Open(*endpoint);
  if (error == asio::error::address_in_use) {
    return absl::AlreadyExistsError(
        absl::StrCat("cannot listen on ", address.ToString(), ": the address is in use"));
  }
  if (error) {
    return absl::InvalidArgumentError(
        absl::StrCat("cannot listen on ", address.ToString(), ": ", error.message()));
  }
  acceptor->Accept();
  return std::make_unique<TcpListener>(std::move(acceptor));
}

void ConnectTcp(asio::io_context& io, const Address& address, int64_t timeout_us,
                Network::OnConnect done) {
  std::make_shared<TcpConnector>(io, address, std::move(done))->Start(timeout_us);
}

}  // namespace rookery
