// A server that does nothing: it opens every session and answers every request at once.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "coordinator/base/check.h"
#include "coordinator/base/net/asio_core.h"
#include "coordinator/wire/zookeeper/frame.h"
#include "coordinator/wire/zookeeper/handshake.h"
#include "coordinator/wire/zookeeper/reply.h"
#include "coordinator/wire/zookeeper/request.h"

namespace rookery::tools::bench {

class NullServer {
 public:
  // Every `error_every`-th request is answered with NoNode; 0: none.
  explicit NullServer(uint64_t error_every = 0) : error_every_(error_every) {
    core_.Start("null-server");
    std::atomic<bool> listening = false;
    core_.Post([&] {
      auto listener = core_.Listen({"127.0.0.1", 0}, [this](std::unique_ptr<Stream> stream) {
        connections_.push_back(std::make_unique<Connection>(this, std::move(stream)));
      });
      ROOKERY_CHECK(listener.ok()) << listener.status();
      listener_ = *std::move(listener);
      address_ = listener_->Local();
      listening = true;
      listening.notify_all();
    });
    listening.wait(false);
  }
  ~NullServer() { core_.Stop(); }

  const Address& address() const { return address_; }
  uint64_t requests() const { return requests_; }

 private:
  struct Connection final : StreamHandler {
    Connection(NullServer* owner, std::unique_ptr<Stream> taken)
        : server(owner), stream(std::move(taken)) {
      stream->Start(this);
    }
    void OnBytes(absl::string_view bytes) override {
      splitter.Append(bytes);
      std::string out;
      for (auto item = splitter.Next(); item.kind == wire::FrameSplitter::Kind::kFrame;
           item = splitter.Next()) {
        if (!std::exchange(open, true)) {
          wire::EncodeConnectResponse({30000, 1, std::string(16, 'p')}, true, &out);
        } else {
          Answer(item.bytes, &out);
        }
      }
      if (!out.empty()) stream->Write(std::move(out));
    }
    void Answer(absl::string_view frame, std::string* out) {
      const uint64_t number = ++server->requests_;
      const bool fail = server->error_every_ != 0 && number % server->error_every_ == 0;
      const auto header = wire::DecodeReplyHeader(std::string(frame.substr(0, 8)) + "12345678");
      wire::EncodeReply(header->xid,
                        {fail ? model::ErrorCode::kNoNode : model::ErrorCode::kOk, 1, {}}, out);
    }
    void OnClosed(absl::Status) override { stream->Close(); }

    NullServer* server;
    std::unique_ptr<Stream> stream;
    wire::FrameSplitter splitter{wire::kFrameBytesMaxDefault,
                                 wire::FrameSplitter::FirstBytes::kFrame};
    bool open = false;
  };

  const uint64_t error_every_;
  AsioCore core_;
  std::unique_ptr<Listener> listener_;
  std::vector<std::unique_ptr<Connection>> connections_;
  Address address_;
  std::atomic<uint64_t> requests_ = 0;
};

}  // namespace rookery::tools::bench
