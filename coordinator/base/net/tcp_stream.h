// One TCP connection. Private to base/net.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <memory>
#include <string>

#include "coordinator/base/network.h"

namespace rookery {

Address ToAddress(const boost::asio::ip::tcp::endpoint& endpoint);

// What asynchronous operations hold on to, so that the Stream above may go at any time.
class TcpConnection : public std::enable_shared_from_this<TcpConnection> {
 public:
  explicit TcpConnection(boost::asio::ip::tcp::socket socket);

  void Start(StreamHandler* handler);
  void Write(std::string bytes);
  size_t QueuedBytes() const { return waiting_.size() + sending_.size() - sent_; }
  void PauseReading() { paused_ = true; }
  void ResumeReading();
  void CloseAfterFlush();
  void Close();

  const Address peer;
  const Address local;

 private:
  void ReadMore();
  void OnRead(const boost::system::error_code& error, size_t bytes);
  void PostSend();
  void SendAtOnce();  // as far as it goes
  void Send();
  void WaitToSend();
  void Fail(const boost::system::error_code& error);

  boost::asio::ip::tcp::socket socket_;
  StreamHandler* handler_ = nullptr;  // null: nobody is told any more
  std::string buffer_;                // what is read, grown when reads fill it
  bool reading_ = false;
  bool telling_ = false;  // inside of OnBytes
  bool paused_ = false;
  std::string held_;     // read while reading was paused
  std::string waiting_;  // queued since the last send began
  std::string sending_;  // being sent, from sent_ on
  size_t sent_ = 0;
  bool send_posted_ = false;   // a task to send at the end of the turn is under way
  bool send_blocked_ = false;  // waiting for the socket to take more
  bool drain_wanted_ = false;  // the socket was full: OnDrained follows
  bool closing_ = false;
  bool closed_ = false;
};

class TcpStream final : public Stream {
 public:
  explicit TcpStream(boost::asio::ip::tcp::socket socket)
      : connection_(std::make_shared<TcpConnection>(std::move(socket))) {}
  ~TcpStream() override { connection_->Close(); }

  void Start(StreamHandler* handler) override { connection_->Start(handler); }
  void Write(std::string bytes) override { connection_->Write(std::move(bytes)); }
  size_t QueuedBytes() const override { return connection_->QueuedBytes(); }
  void PauseReading() override { connection_->PauseReading(); }
  void ResumeReading() override { connection_->ResumeReading(); }
  void CloseAfterFlush() override { connection_->CloseAfterFlush(); }
  void Close() override { connection_->Close(); }
  Address Peer() const override { return connection_->peer; }
  Address Local() const override { return connection_->local; }

 private:
  std::shared_ptr<TcpConnection> connection_;
};

}  // namespace rookery
