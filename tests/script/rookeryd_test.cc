// Every script on rookeryd, over both of its doors: they must not differ from the server without
// any.
#include <chrono>
#include <fstream>
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "coordinator/base/net/free_port.h"
#include "coordinator/client/four_letter_word.h"
#include "coordinator/client/grpc/grpc_link.h"
#include "coordinator/client/grpc/pump/grpc_session_stream.h"
#include "tests/script/network_server.h"
#include "tests/script/script_files.h"
#include "tests/support/child_process.h"
#include "tests/support/temporary_directory.h"

namespace rookery::script {
namespace {

constexpr auto kStartDeadline = std::chrono::seconds(30);

// A fresh server, alone and with an empty tree.
class Rookeryd {
 public:
  Rookeryd() {
    std::ofstream(directory_.path() / "zoo.cfg")
        << "tickTime=500\ndataDir=" << (directory_.path() / "data").string()
        << "\nclientPort=" << zookeeper.port << "\nclientPortAddress=127.0.0.1"
        << "\ngrpcPort=" << grpc.port << "\ngrpcPortAddress=127.0.0.1"
        << "\nadmin.enableServer=false\npreload.kafka=false\n";
    process_ = testing::ChildProcess({ROOKERYD_PROGRAM, (directory_.path() / "zoo.cfg").string()},
                                     (directory_.path() / "log").string());
  }
  bool WaitServing() const {
    const auto deadline = std::chrono::steady_clock::now() + kStartDeadline;
    while (std::chrono::steady_clock::now() < deadline) {
      const auto answer = client::AskFourLetterWord(zookeeper, "srvr", 1000);
      if (answer.ok() && absl::StrContains(*answer, "Mode: ")) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return false;
  }

  const Address zookeeper = {"127.0.0.1", FreePort()};
  const Address grpc = {"127.0.0.1", FreePort()};

 private:
  testing::TemporaryDirectory directory_;
  testing::ChildProcess process_;
};

LinkMaker GrpcLinks() {
  return [](AsioCore* core, const Address& server, client::LinkHandler* handler) {
    return std::make_unique<client::GrpcLink>(
        core,
        [core](const Address& to, int32_t connect_timeout_ms, client::SessionStreamHandler* of) {
          return client::OpenGrpcSessionStream(core, to, connect_timeout_ms, of);
        },
        server, handler);
  };
}

class RookerydTest : public ::testing::TestWithParam<std::string> {
 protected:
  void Play(const Address& address, LinkMaker links) {
    const std::string expected = ReadScript(GetParam());
    NetworkServer server(address, std::move(links));
    const auto played = Player(&server).Play(ParseScript(expected));
    ASSERT_TRUE(played.ok()) << played.status();
    EXPECT_EQ(ScriptText(*played), expected);
  }
  Rookeryd rookeryd_;
};

TEST_P(RookerydTest, AnswersAsWrittenOverZooKeepersProtocol) {
  ASSERT_TRUE(rookeryd_.WaitServing());
  Play(rookeryd_.zookeeper, ZooKeeperLinks());
}

TEST_P(RookerydTest, AnswersAsWrittenOverGrpc) {
  if (absl::StrContains(ReadScript(GetParam()), "# [zookeeper]")) return;  // what it cannot say
  ASSERT_TRUE(rookeryd_.WaitServing());
  Play(rookeryd_.grpc, GrpcLinks());
}

INSTANTIATE_TEST_SUITE_P(Scripts, RookerydTest, ::testing::ValuesIn(ScriptNames()),
                         ScriptTestName());

}  // namespace
}  // namespace rookery::script
