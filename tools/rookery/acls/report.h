// How kafka-acls shows resources and entries.
#pragma once

#include <boost/json.hpp>
#include <string>

#include "absl/strings/string_view.h"
#include "coordinator/kafka/acl.h"
#include "tools/rookery/acls/choice.h"

namespace rookery::tools::acls {

// "ResourcePattern(resourceType=TOPIC, name=orders, patternType=LITERAL)"
std::string Text(const kafka::ResourcePattern& resource);
std::string Text(const ResourceFilter& filter);

// A line for each entry, the first behind a blank, with " \n" behind the last, as Kafka prints it.
std::string Text(const kafka::AclEntries& entries);

// "<what> ACLs for resource `...`: " and the entries, and an empty line.
std::string ResourceText(absl::string_view what, const kafka::ResourcePattern& resource,
                         const kafka::AclEntries& entries);

boost::json::object Json(const kafka::ResourcePattern& resource, const kafka::AclEntries& entries);

}  // namespace rookery::tools::acls
