#include "tests/script/local_server.h"

#include <utility>

#include "absl/status/status.h"
#include "coordinator/frontend/identity/identity.h"

namespace rookery::script {
namespace {

constexpr absl::string_view kHost = "127.0.0.1";

// A door without a protocol: the service's calls as a client's link has them.
class LocalLink final : public client::Link, private service::Client {
 public:
  LocalLink(service::Service* service, client::LinkHandler* handler)
      : service_(service), handler_(handler) {}
  ~LocalLink() override { Close(); }

  void Open(const client::Hello& hello) override {
    credentials_ = frontend::FreshCredentials({}, kHost);
    connection_ = service_->Connect(this, {.peer = "script", .credentials = credentials_});
    if (hello.session == 0) {
      service_->OpenSession(connection_, hello.timeout_ms);
    } else {
      service_->AttachSession(connection_, hello.session, hello.password, hello.timeout_ms,
                              hello.last_zxid_seen);
    }
  }
  void Send(const model::WriteOperation& operation) override {
    service_->Write(connection_, kAnswered, operation);
  }
  void Send(const model::ReadOperation& operation) override {
    service_->Read(connection_, kAnswered, operation);
  }
  void SendCredential(const client::Credential& credential) override {
    if (frontend::AddAuth({}, credential.scheme, credential.auth, &credentials_).ok()) {
      service_->SetCredentials(connection_, credentials_);
      handler_->OnCredential(model::ErrorCode::kOk);
      return;
    }
    handler_->OnCredential(model::ErrorCode::kAuthFailed);
    End("the credential was refused");
  }
  void RestoreWatches(const model::SetWatchesRequest& watches) override {
    service_->Read(connection_, kHeard, watches);
  }
  void SendHeartbeat() override { service_->Read(connection_, kHeard, model::PingRequest()); }
  void Close() override {
    if (handler_ != nullptr && connection_ != 0) service_->Disconnect(connection_);
    handler_ = nullptr;
  }

 private:
  static constexpr uint64_t kAnswered = 1;
  static constexpr uint64_t kHeard = 2;

  void OnSession(const model::Reply& reply) override {
    const auto& session = std::get<model::SessionReply>(reply.body);
    handler_->OnOpened({.timeout_ms = session.timeout_ms,
                        .session = session.session,
                        .password = session.password});
    if (session.session == 0) End("the session was refused");
  }
  void OnReply(uint64_t tag, model::Reply reply) override {
    if (tag == kHeard) return handler_->OnHeard();
    handler_->OnReply(std::move(reply));
  }
  void OnEvent(const model::Event& event) override { handler_->OnEvent(event); }
  void OnFarewell(service::Farewell) override {
    std::exchange(handler_, nullptr)->OnClosed(absl::OkStatus());
  }
  // The server ends the connection.
  void End(absl::string_view why) {
    service_->Disconnect(connection_);
    std::exchange(handler_, nullptr)->OnClosed(absl::UnavailableError(why));
  }

  service::Service* const service_;
  client::LinkHandler* handler_;  // null after the end
  service::ConnectionId connection_ = 0;
  model::Credentials credentials_;
};

}  // namespace

std::unique_ptr<client::Link> LocalServer::MakeLink(client::LinkHandler* handler) {
  return std::make_unique<LocalLink>(&world_[1].service(), handler);
}

}  // namespace rookery::script
