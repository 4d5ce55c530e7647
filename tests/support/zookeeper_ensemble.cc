#include "tests/support/zookeeper_ensemble.h"

#include <stdlib.h>

#include <chrono>
#include <fstream>
#include <sstream>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "coordinator/base/net/free_port.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/client/four_letter_word.h"

namespace rookery::testing {
namespace {

constexpr char kJars[] = "/usr/share/java";
constexpr auto kStartDeadline = std::chrono::seconds(60);

std::string EndOfFile(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  const std::string all = text.str();
  return all.size() > 2000 ? all.substr(all.size() - 2000) : all;
}

}  // namespace

bool ZooKeeperInstalled() {
  return std::filesystem::exists(absl::StrCat(kJars, "/zookeeper.jar")) &&
         std::filesystem::exists("/usr/bin/java");
}

bool Required(absl::string_view what) {
  const char* list = getenv("ROOKERY_REQUIRE");
  if (list == nullptr) return false;
  for (const absl::string_view one : absl::StrSplit(list, ',')) {
    if (one == what) return true;
  }
  return false;
}

ZooKeeperEnsemble::ZooKeeperEnsemble(int servers, int tick_ms) {
  std::string members;
  for (int i = 0; i < servers; ++i) {
    addresses_.push_back({"127.0.0.1", FreePort()});
    absl::StrAppend(&members, "server.", i + 1, "=127.0.0.1:", FreePort(), ":", FreePort(), "\n");
  }
  for (size_t i = 0; i < addresses_.size(); ++i) {
    std::filesystem::create_directories(Folder(i));
    std::ofstream(Folder(i) / "myid") << i + 1 << "\n";
    std::ofstream config(Folder(i) / "zoo.cfg");
    config << "tickTime=" << tick_ms
           << "\ninitLimit=50\nsyncLimit=20\ndataDir=" << Folder(i).string()
           << "\nclientPort=" << addresses_[i].port
           << "\nclientPortAddress=127.0.0.1\nadmin.enableServer=false\nmaxClientCnxns=0\n"
           << "4lw.commands.whitelist=*\n";
    if (servers > 1) config << members;
  }
  processes_.resize(addresses_.size());
}

std::filesystem::path ZooKeeperEnsemble::Folder(size_t server) const {
  return directory_.path() / absl::StrCat("server", server + 1);
}

void ZooKeeperEnsemble::Launch(size_t server) {
  processes_[server] = ChildProcess(
      {"java", "-Xmx256m", "-cp", absl::StrCat(kJars, "/*"),
       "org.apache.zookeeper.server.quorum.QuorumPeerMain", (Folder(server) / "zoo.cfg").string()},
      (Folder(server) / "log").string());
}

absl::Status ZooKeeperEnsemble::Start() {
  for (size_t i = 0; i < addresses_.size(); ++i) Launch(i);
  for (size_t i = 0; i < addresses_.size(); ++i) ROOKERY_RETURN_IF_ERROR(WaitServing(i));
  return absl::OkStatus();
}

absl::Status ZooKeeperEnsemble::Restart(size_t server) {
  Launch(server);
  return WaitServing(server);
}

absl::Status ZooKeeperEnsemble::WaitServing(size_t server) const {
  const auto deadline = std::chrono::steady_clock::now() + kStartDeadline;
  while (std::chrono::steady_clock::now() < deadline) {
    if (!Mode(server).empty()) return absl::OkStatus();
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return absl::DeadlineExceededError(absl::StrCat(
      "ZooKeeper server ", server + 1, " does not serve: ", EndOfFile(Folder(server) / "log")));
}

std::string ZooKeeperEnsemble::Mode(size_t server) const {
  const auto answer = client::AskFourLetterWord(addresses_[server], "srvr", 1000);
  if (!answer.ok()) return "";
  for (const absl::string_view line : absl::StrSplit(*answer, '\n')) {
    if (line.substr(0, 6) == "Mode: ") return std::string(line.substr(6));
  }
  return "";
}

std::string ZooKeeperEnsemble::ConnectString() const {
  std::vector<std::string> parts;
  for (const Address& address : addresses_) parts.push_back(address.ToString());
  return absl::StrJoin(parts, ",");
}

}  // namespace rookery::testing
