#include "tests/script/player.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "coordinator/base/status_macros.h"

namespace rookery::script {
namespace {

constexpr int32_t kConnectTimeoutMs = 5'000;

absl::Status NoAnswer(absl::string_view name, absl::string_view what) {
  return absl::DeadlineExceededError(
      absl::StrCat("connection ", name, " waited in vain for ", what));
}

}  // namespace

// One connection and all it was told. Used where links live.
class Player::Connection final : public client::LinkHandler {
 public:
  Connection(std::string name, Names* names) : name_(std::move(name)), names_(names) {}

  void OnOpened(Opened opened) override {
    session = opened.session;
    password = opened.password;
    was_opened = true;
    if (session == 0) {
      told.push_back("SessionExpired");
      return;
    }
    names_->AddSession(session, name_);
    told.push_back(absl::StrCat("Ok timeout=", opened.timeout_ms));
  }
  void OnReply(model::Reply&& reply) override {
    --unanswered;
    if (asks_base) {
      asks_base = false;
      names_->zxid_base = reply.zxid;
      return;
    }
    for (std::string& line : ReplyText(reply, *names_)) told.push_back(std::move(line));
  }
  void OnCredential(model::ErrorCode error) override {
    --unanswered;
    refused = error != model::ErrorCode::kOk;
    told.emplace_back(model::ErrorName(error));
  }
  void OnEvent(const model::Event& event) override { told.push_back(EventText(event)); }
  void OnHeard() override { ++heard; }
  void OnClosed(absl::Status) override {
    told.push_back("end");
    closed = true;
  }

  bool Quiet() const {
    if (closed) return true;
    // After these the server ends the connection.
    return was_opened && unanswered == 0 && !refused && !closing && session != 0;
  }

  std::unique_ptr<client::Link> link;
  std::vector<std::string> told;
  model::SessionId session = 0;
  std::string password;
  int unanswered = 0;
  int heard = 0;
  int heartbeats = 0;
  bool was_opened = false;
  bool asks_base = false;
  bool refused = false;
  bool closing = false;
  bool closed = false;

 private:
  const std::string name_;
  Names* const names_;
};

Player::Player(Server* server) : server_(server) {}

Player::~Player() {
  server_->Do([this] { connections_.clear(); });
}

Player::Connection* Player::Find(const std::string& name) {
  const auto at = connections_.find(name);
  return at == connections_.end() ? nullptr : at->second.get();
}

absl::StatusOr<std::vector<Step>> Player::Play(std::vector<Step> steps) {
  for (Step& step : steps) {
    if (step.request.empty()) continue;
    absl::StatusOr<std::vector<std::string>> answers = PlayStep(step);
    if (!answers.ok()) {
      return absl::Status(answers.status().code(),
                          absl::StrCat("line ", step.line, ": ", answers.status().message()));
    }
    step.answers = *std::move(answers);
  }
  return steps;
}

absl::StatusOr<std::vector<std::string>> Player::PlayStep(const Step& step) {
  ROOKERY_ASSIGN_OR_RETURN(const Command command, ParseCommand(step.request, names_.zxid_base));
  ROOKERY_RETURN_IF_ERROR(Start(command));
  std::vector<std::string> answers;
  if (!command.waits) return answers;
  Connection* own = Find(command.connection);
  if (own != nullptr && !server_->WaitUntil([own] { return own->Quiet(); })) {
    return NoAnswer(command.connection, "an answer");
  }
  if (own != nullptr && own->session != 0 && !have_base_) {
    have_base_ = true;
    server_->Do([own] {
      own->asks_base = true;
      ++own->unanswered;
      own->link->Send(model::ReadOperation(model::ExistsRequest{"/"}));
    });
    if (!server_->WaitUntil([own] { return own->Quiet(); })) {
      return NoAnswer(command.connection, "the first zxid");
    }
  }
  ROOKERY_RETURN_IF_ERROR(Settle());
  server_->Do([&] {
    if (own != nullptr) answers = std::exchange(own->told, {});
    for (auto& [name, connection] : connections_) {
      for (const std::string& line : std::exchange(connection->told, {})) {
        answers.push_back(absl::StrCat(name, "> ", line));
      }
    }
  });
  return answers;
}

absl::Status Player::Settle() {
  for (auto& [name, connection] : connections_) {
    Connection* other = connection.get();
    server_->Do([other] {
      if (other->closed || !other->Quiet()) return;
      ++other->heartbeats;
      other->link->SendHeartbeat();
    });
    // Events leave before the answer to a heartbeat that came after them.
    if (!server_->WaitUntil([other] {
          return other->closed || !other->was_opened || other->unanswered > 0 ||
                 other->heard >= other->heartbeats;
        })) {
      return NoAnswer(name, "a heartbeat");
    }
  }
  return absl::OkStatus();
}

absl::Status Player::Start(const Command& command) {
  if (const auto* open = std::get_if<Open>(&command.what)) {
    return OpenConnection(command.connection, {.timeout_ms = open->timeout_ms});
  }
  if (const auto* attach = std::get_if<Attach>(&command.what)) {
    const Connection* from = Find(attach->from);
    if (from == nullptr) {
      return absl::InvalidArgumentError(absl::StrCat("no connection ", attach->from));
    }
    return OpenConnection(
        command.connection,
        {.session = from->session,
         .password = attach->wrong_password ? std::string(16, '?') : from->password,
         .timeout_ms = attach->timeout_ms});
  }
  Connection* own = Find(command.connection);
  if (own == nullptr || own->closed) {
    return absl::InvalidArgumentError(absl::StrCat("no open connection ", command.connection));
  }
  server_->Do([&] {
    if (std::holds_alternative<Drop>(command.what)) {
      own->link->Close();
      own->closed = true;
      return;
    }
    ++own->unanswered;
    if (const auto* credential = std::get_if<client::Credential>(&command.what)) {
      own->link->SendCredential(*credential);
    } else if (const auto* write = std::get_if<model::WriteOperation>(&command.what)) {
      own->closing = std::holds_alternative<model::CloseSessionRequest>(*write);
      own->link->Send(*write);
    } else {
      const auto& read = std::get<model::ReadOperation>(command.what);
      const auto* watches = std::get_if<model::SetWatchesRequest>(&read);
      if (watches == nullptr) {
        own->link->Send(read);
      } else {
        // Links answer restored watches and heartbeats alike.
        --own->unanswered;
        ++own->heartbeats;
        own->link->RestoreWatches(*watches);
      }
    }
  });
  return absl::OkStatus();
}

absl::Status Player::OpenConnection(const std::string& name, client::Hello hello) {
  hello.connect_timeout_ms = kConnectTimeoutMs;
  if (const Connection* old = Find(name); old != nullptr && !old->closed) {
    return absl::InvalidArgumentError(absl::StrCat("connection ", name, " is open already"));
  }
  server_->Do([&] {
    auto connection = std::make_unique<Connection>(name, &names_);
    connection->link = server_->MakeLink(connection.get());
    connection->link->Open(hello);
    connections_[name] = std::move(connection);
  });
  return absl::OkStatus();
}

}  // namespace rookery::script
