#include "tools/rookery/acls/report.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace rookery::tools::acls {
namespace {

std::string PatternText(kafka::ResourceType type, const std::string& name,
                        absl::string_view pattern) {
  return absl::StrCat("ResourcePattern(resourceType=", kafka::DisplayName(type), ", name=", name,
                      ", patternType=", pattern, ")");
}

boost::json::string_view ToJson(absl::string_view text) { return {text.data(), text.size()}; }

}  // namespace

std::string Text(const kafka::ResourcePattern& resource) {
  return PatternText(resource.type, resource.name, kafka::DisplayName(resource.pattern));
}

std::string Text(const ResourceFilter& filter) {
  return PatternText(filter.type, filter.name, DisplayName(filter.pattern));
}

std::string Text(const kafka::AclEntries& entries) {
  return absl::StrCat(
      " ",
      absl::StrJoin(entries, "\n",
                    [](std::string* out, const kafka::AclEntry& entry) {
                      absl::StrAppend(out, "\t(principal=", entry.principal, ", host=", entry.host,
                                      ", operation=", kafka::DisplayName(entry.operation),
                                      ", permissionType=", entry.allow ? "ALLOW" : "DENY", ")");
                    }),
      " \n");
}

std::string ResourceText(absl::string_view what, const kafka::ResourcePattern& resource,
                         const kafka::AclEntries& entries) {
  return absl::StrCat(what, " ACLs for resource `", Text(resource), "`: \n", Text(entries), "\n");
}

boost::json::object Json(const kafka::ResourcePattern& resource, const kafka::AclEntries& entries) {
  boost::json::array list;
  for (const kafka::AclEntry& entry : entries) {
    boost::json::object object;
    object["principal"] = entry.principal;
    object["host"] = entry.host;
    object["operation"] = ToJson(kafka::DisplayName(entry.operation));
    object["permission_type"] = entry.allow ? "ALLOW" : "DENY";
    list.push_back(std::move(object));
  }
  boost::json::object object;
  object["resource_type"] = ToJson(kafka::DisplayName(resource.type));
  object["name"] = resource.name;
  object["pattern_type"] = ToJson(kafka::DisplayName(resource.pattern));
  object["acls"] = std::move(list);
  return object;
}

}  // namespace rookery::tools::acls
