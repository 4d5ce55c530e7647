#include "tests/script/reply_text.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/script/words.h"

namespace rookery::script {
namespace {

std::string Error(model::ErrorCode error) { return std::string(model::ErrorName(error)); }

bool TimesMakeSense(const model::Stat& stat) {
  if (stat.czxid == 0) return stat.ctime_ms == 0 && stat.mtime_ms >= 0;
  return stat.ctime_ms > 0 && stat.mtime_ms >= stat.ctime_ms;
}

std::string StatText(const model::Stat& stat, const Names& names) {
  std::string text = absl::StrCat(
      "czxid=", names.Zxid(stat.czxid), " mzxid=", names.Zxid(stat.mzxid),
      " pzxid=", names.Zxid(stat.pzxid), " version=", stat.version, " cversion=", stat.cversion,
      " aversion=", stat.aversion, " length=", stat.data_length, " children=", stat.num_children);
  if (stat.ephemeral_owner != 0) {
    absl::StrAppend(&text, " owner=", names.Session(stat.ephemeral_owner));
  }
  if (!TimesMakeSense(stat)) absl::StrAppend(&text, " times=wrong");
  return text;
}

// Each with a space in front; nothing for what says nothing.
struct BodyText {
  const Names& names;

  std::string operator()(const model::EmptyReply&) const { return ""; }
  std::string operator()(const model::CreateReply& reply) const {
    return absl::StrCat(" ", PathText(reply.path), reply.with_stat ? " " : "",
                        reply.with_stat ? StatText(reply.stat, names) : "");
  }
  std::string operator()(const model::StatReply& reply) const {
    return absl::StrCat(" ", StatText(reply.stat, names));
  }
  std::string operator()(const model::DataReply& reply) const {
    return absl::StrCat(" ", reply.data.has_value() ? Quoted(*reply.data) : "null", " ",
                        StatText(reply.stat, names));
  }
  std::string operator()(const model::AclReply& reply) const {
    return absl::StrCat(" ", AclText(reply.acl), " ", StatText(reply.stat, names));
  }
  std::string operator()(const model::ChildrenReply& reply) const {
    std::vector<std::string> children;
    for (const std::string& child : reply.children) children.push_back(PathText(child));
    std::sort(children.begin(), children.end());
    return absl::StrCat(" [", absl::StrJoin(children, " "), "]", reply.with_stat ? " " : "",
                        reply.with_stat ? StatText(reply.stat, names) : "");
  }
  std::string operator()(const model::SyncReply& reply) const {
    return absl::StrCat(" ", PathText(reply.path));
  }
  std::string operator()(const model::MultiReply&) const { return ""; }
  std::string operator()(const model::AddWatchReply&) const { return " 0"; }
  std::string operator()(const model::WhoAmIReply& reply) const {
    std::vector<std::string> ids;
    for (const model::Id& id : reply.identities) ids.push_back(absl::StrCat(id.scheme, ":", id.id));
    std::sort(ids.begin(), ids.end());
    return absl::StrCat(" [", absl::StrJoin(ids, " "), "]");
  }
  std::string operator()(const model::EphemeralsReply& reply) const {
    std::vector<std::string> paths;
    for (const std::string& path : reply.paths) paths.push_back(PathText(path));
    return absl::StrCat(" [", absl::StrJoin(paths, " "), "]");
  }
  std::string operator()(const model::SessionReply& reply) const {
    return absl::StrCat(" timeout=", reply.timeout_ms);
  }
};

}  // namespace

void Names::AddSession(model::SessionId session, const std::string& connection) {
  if (sessions.contains(session)) return;
  const auto before = std::count_if(sessions.begin(), sessions.end(), [&](const auto& other) {
    return other.second.substr(0, other.second.find('#')) == connection;
  });
  sessions[session] = before == 0 ? connection : absl::StrCat(connection, "#", before + 1);
}

std::string Names::Zxid(model::Zxid zxid) const {
  return zxid == 0 ? "0" : absl::StrCat("z", zxid - zxid_base);
}

std::string Names::Session(model::SessionId session) const {
  const auto at = sessions.find(session);
  return at == sessions.end() ? "unknown" : at->second;
}

std::string AclText(const model::Acl& acl) {
  std::vector<std::string> entries;
  for (const model::AclEntry& entry : acl) {
    std::string permissions;
    for (int bit = 0; bit < 5; ++bit) {
      if (entry.permissions & (1 << bit)) permissions.push_back("rwcda"[bit]);
    }
    if ((entry.permissions & ~31) != 0 || permissions.empty()) {
      permissions = absl::StrCat(entry.permissions);
    }
    entries.push_back(absl::StrCat(entry.id.scheme, ":", entry.id.id, ":", permissions));
  }
  std::sort(entries.begin(), entries.end());
  return entries.empty() ? "empty" : absl::StrJoin(entries, ",");
}

std::string EventText(const model::Event& event) {
  static constexpr const char* kNames[] = {"", "NodeCreated", "NodeDeleted", "NodeDataChanged",
                                           "NodeChildrenChanged"};
  return absl::StrCat("event ", kNames[static_cast<int>(event.type)], " ", PathText(event.path));
}

std::vector<std::string> ReplyText(const model::Reply& reply, const Names& names) {
  std::vector<std::string> lines = {absl::StrCat(Error(reply.error), " ", names.Zxid(reply.zxid),
                                                 std::visit(BodyText{names}, reply.body))};
  if (const auto* multi = std::get_if<model::MultiReply>(&reply.body)) {
    for (const model::MultiReply::Part& part : multi->parts) {
      const std::string body =
          std::visit([&](const auto& value) { return BodyText{names}(value); }, part.body);
      // A part that was undone is an error of code 0, another thing than a part that holds.
      const bool undone =
          part.kind == model::MultiReply::Part::Kind::kError && part.error == model::ErrorCode::kOk;
      lines.push_back(absl::StrCat("+ ", undone ? "undone" : Error(part.error), body));
    }
  }
  return lines;
}

}  // namespace rookery::script
