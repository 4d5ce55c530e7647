#include "tests/unit/service/world.h"

#include <gtest/gtest.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/base/check.h"
#include "coordinator/consensus/members.h"

namespace rookery::service {
namespace {

std::string EventText(const model::Event& event) {
  static constexpr const char* kNames[] = {"", "created", "deleted", "changed", "children"};
  return absl::StrCat("event ", kNames[static_cast<int>(event.type)], " ", event.path);
}

}  // namespace

void TestClient::OnSession(const model::Reply& reply) {
  session = std::get<model::SessionReply>(reply.body);
  opened = session.session != 0;
  history.push_back(opened ? "session" : "refused");
}

void TestClient::OnReply(uint64_t tag, model::Reply reply) {
  history.push_back(absl::StrCat("reply ", tag, " ", std::string(model::ErrorName(reply.error))));
  EXPECT_FALSE(replies.contains(tag)) << "answered twice: " << tag;
  replies[tag] = std::move(reply);
}

void TestClient::OnEvent(const model::Event& event) { history.push_back(EventText(event)); }

void TestClient::OnFarewell(service::Farewell why) {
  static constexpr const char* kNames[] = {"closed", "expired", "moved", "not serving"};
  EXPECT_FALSE(gone) << "two farewells";
  gone = true;
  history.push_back(absl::StrCat("farewell ", kNames[static_cast<int>(why)]));
}

Server::Server(World* world, model::ServerId id) : world_(world), id_(id) { Start(); }

Server::~Server() { Crash(); }

void Server::Start() {
  auto base = store::CreateMemoryBase(disk_, state_name_).value();
  state_name_ = base->name();
  store_ = store::CreateNodeStore(world_->store_options, base,
                                  {&world_->core, &world_->core, &world_->core}, &world_->core);
  const std::string configuration = consensus::EncodeConfiguration(world_->ensemble.configuration);
  machine_ = machine::CreateMachine(
      store_.get(), {.members = "", .configuration = configuration},
      {.apply_configuration = [](const std::string& members, const std::string&,
                                 const std::string&) { return members; },
       .update = [](const std::string&, const std::string& row) { return row; }});
  ROOKERY_CHECK(machine_->Recover().ok());
  Options options = world_->options;
  options.self = id_;
  options.random_seed = 1000 * id_ + world_->core.NowUs();
  if (options.secrets == nullptr) options.secrets = &world_->secrets;
  options.on_fatal = [this](absl::Status status) { world_->fatal.push_back(std::move(status)); };
  service_ = std::make_unique<ServerService>(options, &world_->core, &world_->core, machine_.get(),
                                             store_.get());
  consensus_ = std::make_unique<FakeConsensus>(&world_->ensemble, id_, service_.get(),
                                               machine_->applied_index());
  service_->Start(consensus_.get());
}

void Server::Crash() {
  service_.reset();
  consensus_.reset();
  machine_.reset();
  store_.reset();
}

World::World(int servers, Options with, store::StoreOptions store)
    : options(std::move(with)), store_options(std::move(store)) {
  for (int id = 1; id <= servers; ++id) ensemble.configuration.voters.push_back(id);
  for (int id = 1; id <= servers; ++id) servers_[id] = std::make_unique<Server>(this, id);
}

World::~World() { servers_.clear(); }

void World::Settle(model::ServerId leader) {
  ensemble.Elect(leader);
  ASSERT_TRUE(Run([this] {
    for (const auto& [id, server] : servers_) {
      if (server->service_ != nullptr && !server->service_->Serving()) return false;
    }
    return true;
  }));
}

uint64_t World::Session::Write(model::WriteOperation operation) {
  service->Write(connection, ++last_tag, std::move(operation));
  return last_tag;
}

uint64_t World::Session::Read(model::ReadOperation operation) {
  service->Read(connection, ++last_tag, std::move(operation));
  return last_tag;
}

World::Session World::Open(model::ServerId server, int32_t timeout_ms) {
  Session session;
  session.service = &servers_.at(server)->service();
  clients_.push_back(session.client);
  session.connection = session.service->Connect(
      session.client.get(), {.peer = "test", .credentials = {.identities = {{"ip", "127.0.0.1"}}}});
  session.service->OpenSession(session.connection, timeout_ms);
  EXPECT_TRUE(Run([&] { return session.client->opened; })) << "the session was not opened";
  return session;
}

World::Session World::Attach(model::ServerId server, const Session& old, model::Zxid last_zxid_seen,
                             std::string password) {
  Session session;
  session.service = &servers_.at(server)->service();
  clients_.push_back(session.client);
  session.connection = session.service->Connect(
      session.client.get(), {.peer = "test", .credentials = {.identities = {{"ip", "127.0.0.1"}}}});
  session.service->AttachSession(session.connection, old.client->session.session,
                                 password.empty() ? old.client->session.password : password,
                                 old.client->session.timeout_ms, last_zxid_seen);
  return session;
}

model::Reply World::Do(Session& session, model::WriteOperation operation) {
  const uint64_t tag = session.Write(std::move(operation));
  EXPECT_TRUE(Run([&] { return session.Answered(tag); })) << "no answer";
  return session.Answered(tag) ? session.Reply(tag) : model::Reply();
}

model::Reply World::Do(Session& session, model::ReadOperation operation) {
  const uint64_t tag = session.Read(std::move(operation));
  EXPECT_TRUE(Run([&] { return session.Answered(tag); })) << "no answer";
  return session.Answered(tag) ? session.Reply(tag) : model::Reply();
}

model::CreateRequest Create(std::string path, std::string data, int32_t flags) {
  return {
      .path = std::move(path), .data = std::move(data), .acl = *model::OpenAcl(), .flags = flags};
}

model::SetDataRequest Set(std::string path, std::string data, int32_t version) {
  return {.path = std::move(path), .data = std::move(data), .version = version};
}

model::GetDataRequest Get(std::string path, bool watch) {
  return {.path = std::move(path), .watch = watch};
}

}  // namespace rookery::service
