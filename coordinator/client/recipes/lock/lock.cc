#include "coordinator/client/recipes/lock/lock.h"

#include <utility>

namespace rookery::client::recipes {
namespace {

std::string WordOf(NameStyle style) { return style == NameStyle::kKazoo ? "__lock__" : "lock-"; }

Line LineOf(NameStyle style) { return {style, WordOf(style), {WordOf(style)}}; }

}  // namespace

Lock::Lock(Client* client, std::string path, HolderOptions options)
    : Holder(client, std::move(path), LineOf(options.style), {WordOf(options.style)}, options) {}

}  // namespace rookery::client::recipes
