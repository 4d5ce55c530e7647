#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/base/check.h"
#include "coordinator/consensus/log/durable_mark.h"
#include "coordinator/consensus/peer/identity.h"
#include "coordinator/store/keys.h"
#include "coordinator/store/node_codec.h"
#include "coordinator/store/state_names.h"
#include "coordinator/wire/log_entry.h"
#include "tests/fuzz/memory_files.h"
#include "tests/fuzz/one_server.h"
#include "tests/fuzz/seeds/samples.h"
#include "tests/fuzz/seeds/seeds.h"

namespace rookery::fuzz {
namespace {

void WriteEntries(SeedWriter* out) {
  wire::TicketRun run = {.server = 1, .incarnation = 2, .first_ticket = 40};
  const model::Credentials who = {.identities = {{"digest", "user:hash"}, {"ip", "10.0.0.1"}}};
  const auto add = [&](const std::string& name, model::WriteOperation operation) {
    const model::WriteRequest request = {
        .session = 77, .owner = {1, 2, 3}, .credentials = who, .operation = std::move(operation)};
    out->Write("log_entry", absl::StrCat("request_", name), wire::EncodeWriteRequest(request));
    run.requests.push_back(request);
  };
  for (const auto& [name, operation] : SampleWrites()) add(name, operation);
  add("open", model::OpenSessionRequest{10'000, "0123456789abcdef"});
  add("attach", model::AttachSessionRequest{10'000, "0123456789abcdef"});
  const auto entry = [&](absl::string_view name, decltype(wire::LogEntry::body) body) {
    out->Write("log_entry", name,
               wire::EncodeLogEntry({.time_ms = 1'700'000'000'000, .body = std::move(body)}));
  };
  entry("batch", wire::Batch{{run, {.server = 2}}});
  // After the batch, which stays what it was.
  add("create_container", model::CreateRequest{.path = "/c",
                                               .acl = *model::OpenAcl(),
                                               .flags = model::kContainer,
                                               .want_stat = true,
                                               .container = true});
  entry("grant", wire::GrantIncarnation{1, 9});
  entry("expire", wire::ExpireSessions{{{77, 1}, {78, 0}}});
  entry("preload", wire::Preload{{"/brokers", "/brokers/ids"}});
  entry("member_row", wire::SetMemberRow{"row"});
  entry("delete_containers",
        wire::DeleteContainers{{{"/used"}, {"/never-used", false, 1'700'000'000'000}}});
}

void WriteNodes(SeedWriter* out) {
  const auto add = [&](absl::string_view name, const store::Node& node) {
    std::string bytes;
    store::EncodeNode(node, &bytes);
    out->Write("node", name, bytes);
  };
  store::Node node = {.data = "data",
                      .czxid = 5,
                      .mzxid = 9,
                      .pzxid = 7,
                      .ctime_ms = 1'700'000'000'000,
                      .mtime_ms = 1'700'000'000'500,
                      .version = 2,
                      .child_creations = 3,
                      .num_children = 1};
  add("plain", node);
  node.data.reset();
  node.ephemeral_owner = 77;
  add("ephemeral", node);
  node.ephemeral_owner = store::kContainerOwner;
  add("container", node);
  node.ephemeral_owner = 77;
  node.acl = std::make_shared<const model::Acl>(SampleAcl());
  add("acl", node);
}

// The rows that a server leaves on its disk.
void WriteRows(SeedWriter* out) {
  auto disk = std::make_shared<store::MemoryDisk>();
  OneServer server(disk);
  ROOKERY_CHECK(server.machine().Recover().ok());
  server.StartLeader();
  server.Apply({.body = wire::GrantIncarnation{1, 9}});
  const model::Owner owner = {1, 1, 7};
  const auto write = [&](uint64_t ticket, model::SessionId session,
                         model::WriteOperation operation) {
    model::WriteRequest request = {
        .session = session, .owner = owner, .operation = std::move(operation)};
    return server.Apply({.body = wire::Batch{{{1, 1, ticket, {std::move(request)}}}}})[0];
  };
  const auto open = model::OpenSessionRequest{10'000, "0123456789abcdef"};
  const model::SessionId session = write(1, 0, open).session;
  write(2, 0, open);
  write(3, session,
        model::CreateRequest{
            .path = "/e", .data = "", .acl = *model::OpenAcl(), .flags = model::kEphemeral});
  server.Flush();
  std::string all;
  disk->ReadState(server.state_name(), [&](const store::MemoryDisk::Map& map) {
    for (const auto& [key, value] : map) {
      if (key[0] != store::kRowPrefix) continue;
      const absl::string_view name = store::NameOfRowKey(key);
      all += static_cast<char>(name.size());
      absl::StrAppend(&all, name);
      all += static_cast<char>(value.size());
      all += value;
    }
  });
  out->Write("state_rows", "one_server", all);
}

void WriteFiles(SeedWriter* out) {
  MemoryFiles files;
  const auto founding = consensus::FoundingList{
      {{{.number = 1, .host = "a", .quorum_port = 2888, .election_port = 3888}, 11}}};
  consensus::Identity identity = {.disk_id = 11};
  ROOKERY_CHECK(consensus::StoreIdentity(&files, identity).ok());
  const auto write = [&](absl::string_view name, const std::string& bytes) {
    out->Write("data_files", name, std::string(1, '\0') + bytes);
    out->Write("data_files", absl::StrCat(name, "_sealed"), absl::StrCat("\x01", bytes));
  };
  write("identity_new", files.files[consensus::kIdentityFile]);
  identity.cluster_id = consensus::ClusterIdOf(founding);
  identity.engine_id = 1;
  identity.founder = true;
  identity.founding = founding;
  identity.members = consensus::FoundingMembers(founding);
  ROOKERY_CHECK(consensus::StoreIdentity(&files, identity).ok());
  write("identity", files.files[consensus::kIdentityFile]);
  consensus::DurableMarkFile mark(&files);
  for (uint64_t index : {10, 20}) {
    ROOKERY_CHECK(mark.Write({.last_term = 2, .last_index = index, .term = 2, .vote = 1}).ok());
  }
  write("mark", files.files[std::string(consensus::DurableMarkFile::kName)]);
  write("format", store::FormatText());
}

}  // namespace

void WriteStateSeeds(SeedWriter* out) {
  WriteEntries(out);
  WriteNodes(out);
  WriteRows(out);
  WriteFiles(out);
}

}  // namespace rookery::fuzz
