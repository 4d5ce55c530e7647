#include "coordinator/client/recipes/lock/shared_lock.h"

#include <utility>
#include <vector>

#include "coordinator/base/plant.h"

namespace rookery::client::recipes {
namespace {

std::string WordOf(NameStyle style, SharedLockMode mode) {
  const bool reads = mode == SharedLockMode::kRead;
  if (style == NameStyle::kKazoo) return reads ? "__rlock__" : "__lock__";
  return reads ? "__READ__" : "__WRIT__";
}

std::vector<std::string> WordsOf(NameStyle style) {
  return {WordOf(style, SharedLockMode::kRead), WordOf(style, SharedLockMode::kWrite)};
}

Line LineOf(NameStyle style, SharedLockMode mode) {
  const std::string writer = WordOf(style, SharedLockMode::kWrite);
  const bool alone = mode == SharedLockMode::kRead || ROOKERY_PLANTED(kWriterOvertakes);
  return {style, WordOf(style, mode), alone ? std::vector<std::string>{writer} : WordsOf(style)};
}

}  // namespace

SharedLock::SharedLock(Client* client, std::string path, SharedLockMode mode, HolderOptions options)
    : Holder(client, std::move(path), LineOf(options.style, mode), WordsOf(options.style),
             options) {}

}  // namespace rookery::client::recipes
