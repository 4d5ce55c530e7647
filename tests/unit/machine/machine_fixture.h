// A machine over a whole store in one thread, fed with entries as consensus would.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "coordinator/machine/machine.h"
#include "coordinator/store/memory/memory_base.h"
#include "coordinator/store/node_codec.h"
#include "coordinator/store/node_store.h"
#include "coordinator/wire/log_entry.h"
#include "tests/unit/store/manual_executors.h"

namespace rookery::machine {

class MachineFixture {
 public:
  static constexpr model::ServerId kServer = 1;
  static constexpr uint64_t kConnection = 7;

  explicit MachineFixture(const store::StoreOptions& options = {}) : options_(options) { Open(); }
  ~MachineFixture() { Close(); }

  Machine& operator*() { return *machine_; }
  Machine* operator->() { return machine_.get(); }
  store::NodeStore& store() { return *store_; }

  // What every server begins with: a leader and the server's incarnation.
  void Begin() {
    StartLeader();
    Grant(kServer, 99);
  }
  void StartLeader() {
    machine_->BeginLeader(machine_->applied_index() + 1, ++term_);
    EXPECT_TRUE(Finish().empty());
  }
  uint64_t Grant(model::ServerId server, uint64_t nonce) {
    const std::vector<Outcome> outcomes =
        Apply(wire::LogEntry{.body = wire::GrantIncarnation{server, nonce}});
    EXPECT_EQ(outcomes.size(), 1u);
    return outcomes.at(0).origin.incarnation;
  }

  std::vector<Outcome> Apply(wire::LogEntry entry) {
    if (entry.time_ms == 0) entry.time_ms = ++now_ms_;
    machine_->BeginEntry(machine_->applied_index() + 1, term_, wire::EncodeLogEntry(entry));
    return Finish();
  }
  std::vector<Outcome> ApplyBatch(std::vector<model::WriteRequest> requests) {
    return Apply({.body = wire::Batch{{{.server = kServer,
                                        .incarnation = machine_->Incarnation(kServer),
                                        .first_ticket = LastTicket() + 1,
                                        .requests = std::move(requests)}}}});
  }
  Outcome Apply(model::WriteRequest request) {
    std::vector<Outcome> outcomes = ApplyBatch({std::move(request)});
    EXPECT_EQ(outcomes.size(), 1u);
    return std::move(outcomes.at(0));
  }
  // By a session's owner, or by nobody.
  Outcome Apply(model::WriteOperation operation, model::SessionId session = 0) {
    return Apply(Request(std::move(operation), session));
  }
  model::WriteRequest Request(model::WriteOperation operation, model::SessionId session = 0) const {
    model::WriteRequest request{.session = session, .operation = std::move(operation)};
    if (const SessionView* view = machine_->FindSession(session)) request.owner = view->owner;
    return request;
  }
  model::Owner OwnerOf(uint64_t connection) const {
    return {kServer, machine_->Incarnation(kServer), connection};
  }
  model::SessionId OpenSession(int32_t timeout_ms = 10'000, uint64_t connection = kConnection) {
    return Apply({.owner = OwnerOf(connection),
                  .operation = model::OpenSessionRequest{timeout_ms, kPassword}})
        .session;
  }

  uint64_t LastTicket() const {
    return machine_->LastTicket(kServer, machine_->Incarnation(kServer));
  }

  // Runs the present item to its end, loading what is missing.
  std::vector<Outcome> Finish() {
    std::vector<Outcome> outcomes;
    std::vector<std::unique_ptr<store::Pin>> pins;
    for (;;) {
      Outcome outcome;
      const uint64_t digest = machine_->digest();
      const model::Zxid zxid = machine_->last_zxid();
      switch (machine_->Next(&outcome)) {
        case Step::kFinished:
          return outcomes;
        case Step::kOutcome:
          outcomes.push_back(std::move(outcome));
          break;
        case Step::kMissing:
          ++misses;
          EXPECT_FALSE(machine_->Missing().empty());
          EXPECT_EQ(machine_->digest(), digest);
          EXPECT_EQ(machine_->last_zxid(), zxid);
          pins.push_back(Load(machine_->Missing()));
          break;
      }
    }
  }
  model::Reply Read(const model::ReadOperation& operation,
                    const model::Credentials& credentials = {}) {
    model::Reply reply;
    std::vector<std::unique_ptr<store::Pin>> pins;
    while (!machine_->Read(operation, credentials, &reply)) {
      pins.push_back(Load(machine_->Missing()));
    }
    return reply;
  }
  std::unique_ptr<store::Pin> Load(store::LoadSet set) {
    bool loaded = false;
    auto pin = store_->Load(std::move(set), [&](absl::Status status) {
      EXPECT_TRUE(status.ok()) << status;
      loaded = true;
    });
    run_->RunAll();
    EXPECT_TRUE(loaded);
    return pin;
  }

  // --- The state on disk.
  void Flush() {
    machine_->SaveRows();
    store_->Flush([](absl::Status status) { EXPECT_TRUE(status.ok()) << status; });
    run_->RunAll();
  }
  // A crash and a new process: what was not flushed is gone.
  void Restart() {
    Close();
    Open();
  }

  // The digest from scratch, over all nodes of a frozen view, and their number.
  std::pair<uint64_t, uint64_t> DigestOfNodes() {
    machine_->SaveRows();
    std::shared_ptr<store::NodeStore::View> view;
    store_->OpenView([&](absl::StatusOr<std::shared_ptr<store::NodeStore::View>> opened) {
      ASSERT_TRUE(opened.ok()) << opened.status();
      view = *std::move(opened);
    });
    run_->RunAll();
    uint64_t sum = 0;
    uint64_t count = 0;
    EXPECT_TRUE(view->Scan("/", "",
                           [&](absl::string_view path, const store::Node& node) {
                             sum += store::NodeHash(path, node);
                             ++count;
                             return true;
                           })
                    .ok());
    return {sum, count};
  }

  inline static const std::string kPassword = "0123456789abcdef";
  uint64_t misses = 0;

 private:
  void Open() {
    run_ = std::make_unique<store::ManualExecutors>();
    auto base = store::CreateMemoryBase(disk_, state_name_).value();
    state_name_ = base->name();
    store_ = CreateNodeStore(options_, base, run_->executors(), &run_->clock);
    machine_ = CreateMachine(
        store_.get(), {.members = "founders", .configuration = "founding", .index = 1, .term = 1},
        {.apply_configuration =
             [](const std::string& members, const std::string& configuration,
                const std::string& context) {
               return absl::StrCat(members, "+", configuration, "/", context);
             },
         .update = [](const std::string& members,
                      const std::string& row) { return absl::StrCat(members, "+", row); }});
    const absl::Status status = machine_->Recover();
    EXPECT_TRUE(status.ok()) << status;
    term_ = machine_->applied_term();
  }
  void Close() {
    machine_.reset();
    store_.reset();
  }

  const store::StoreOptions options_;
  std::shared_ptr<store::MemoryDisk> disk_ = std::make_shared<store::MemoryDisk>();
  std::string state_name_;
  std::unique_ptr<store::ManualExecutors> run_;
  std::unique_ptr<store::NodeStore> store_;
  std::unique_ptr<Machine> machine_;
  uint64_t term_ = 0;
  int64_t now_ms_ = 1'700'000'000'000;
};

inline model::CreateRequest Create(std::string path, model::Data data = "",
                                   int32_t flags = model::kPersistent) {
  return {
      .path = std::move(path), .data = std::move(data), .acl = *model::OpenAcl(), .flags = flags};
}
inline model::SetDataRequest SetData(std::string path, std::string data, int32_t version = -1) {
  return {.path = std::move(path), .data = std::move(data), .version = version};
}
inline model::DeleteRequest Delete(std::string path, int32_t version = -1) {
  return {.path = std::move(path), .version = version};
}

}  // namespace rookery::machine
