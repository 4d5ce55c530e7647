// The rookery program as a person or a script runs it, on a real ZooKeeper.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>

#include <atomic>
#include <chrono>
#include <fstream>
#include <thread>

#include "absl/strings/str_cat.h"
#include "coordinator/base/net/free_port.h"
#include "tests/client/program_test.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/zookeeper_ensemble.h"

namespace rookery {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

using RookeryToolTest = testing::ProgramTest;

TEST_F(RookeryToolTest, OneCommandAtATime) {
  Expect("create /one 'first data'", 0, "Created /one\n");
  Expect("create /one", 1, "create: node /one exists already (NodeExists)\n");
  Expect("get /one", 0, "first data\n");
  Expect("set -v 0 /one -5", 0, "");
  Expect("set -v 0 /one x", 1,
         "set: node /one has another version than the one given (BadVersion)\n");
  Expect("get /one", 0, "-5\n");
  Expect("create -s /one/item-", 0, "Created /one/item-0000000000\n");
  Expect("create -c /box", 0, "Created /box\n");
  Expect("create -e -c /box2", 2,
         "create: expected -c without -s and -e: a container is neither\n"
         "usage: create [-s] [-e] [-c] path [data] [acl]\n");
  Expect("delete /box", 0, "");
  Expect("create /one/null", 0, "Created /one/null\n");
  Expect("get /one/null", 0, "null\n");
  Expect("ls /one", 0, "[item-0000000000, null]\n");
  Expect("ls -R /one", 0, "/one\n/one/item-0000000000\n/one/null\n");
  Expect("getAcl /one", 0, "'world,'anyone\n: cdrwa\n");
  Expect("setAcl /one world:anyone:rda", 0, "");
  Expect("getAcl /one", 0, "'world,'anyone\n: dra\n");
  Expect("set /one y", 1, "set: node /one does not allow it: see getAcl, and addauth (NoAuth)\n");
  Expect("delete /one", 1, "delete: node /one has children: deleteall takes them too (NotEmpty)\n");
  Expect("deleteall /one", 0, "");
  Expect("get /one", 1, "get: there is no node /one (NoNode)\n");
  Expect("sync /", 0, "");
  EXPECT_THAT(Run("stat /zookeeper").output, HasSubstr("cversion = -2\n"));
  EXPECT_THAT(Run("ls -s /").output, HasSubstr("[zookeeper]\ncZxid = 0x0\n"));
}

TEST_F(RookeryToolTest, WrongUsageIsStatusTwo) {
  Expect("ls", 2, "ls: too few words\nusage: ls [-s] [-w] [-R] path\n");
  Expect("get -x /a", 2, "get: unknown option -x\nusage: get [-s] [-w] path\n");
  EXPECT_EQ(Run("nonsense").exit_status, 2);
  EXPECT_EQ(Run("--protocol carrier-pigeon ls /").exit_status, 2);
}

TEST_F(RookeryToolTest, CommandsFromStandardInput) {
  const Outcome outcome = Run("",
                              "create /lines 'a b'\nget /lines\n\nls -w /lines\n"
                              "create -e /lines/x\nnonsense\naddauth digest u:p\n"
                              "deleteall /lines\nquit\nget /zookeeper\n");
  EXPECT_EQ(outcome.exit_status, 2);
  // Standard error stands where it was written, the event where it came.
  EXPECT_THAT(outcome.output, HasSubstr("Created /lines\na b\n[]\n"));
  EXPECT_THAT(outcome.output, HasSubstr("watch: NodeChildrenChanged /lines\n"));
  EXPECT_THAT(outcome.output, HasSubstr("no command nonsense: try help\n"));
}

TEST_F(RookeryToolTest, WatchOfOneCommandWaitsForItsEvent) {
  Outcome waiting;
  std::thread waiter([&] { waiting = Run("stat -w /late"); });
  // The event comes once the watch stands; before that, the node may come and go unseen.
  std::atomic<bool> seen = false;
  std::thread changer([&] {
    while (!seen) {
      Run("create /late");
      Run("delete /late");
    }
  });
  waiter.join();
  seen = true;
  changer.join();
  EXPECT_EQ(waiting.exit_status, 0);
  EXPECT_THAT(waiting.output, ::testing::ContainsRegex("Node(Created|Deleted) /late\n"));
}

TEST_F(RookeryToolTest, StatusShowsTheServer) {
  const Outcome table = Run("status");
  EXPECT_EQ(table.exit_status, 0);
  EXPECT_THAT(table.output, AllOf(HasSubstr("SERVER"), HasSubstr("standalone"),
                                  HasSubstr(ensemble_->addresses()[0].ToString())));
  EXPECT_THAT(Run("status --json").output, HasSubstr("\"role\":\"standalone\""));
}

TEST_F(RookeryToolTest, BenchCountsWhatItDoes) {
  const Outcome create =
      Run("bench --op create --count 500 --connections 4 --inflight 16 --parents 3 --json");
  EXPECT_EQ(create.exit_status, 0) << create.output;
  EXPECT_THAT(create.output, HasSubstr("\"operations\":500,"));
  EXPECT_THAT(create.output, HasSubstr("\"errors\":{}"));
  for (const char* op : {"set", "get"}) {
    const Outcome load = Run(absl::StrCat("bench --seconds 0.5 --keys 50 --parents 3 --op ", op));
    EXPECT_EQ(load.exit_status, 0) << load.output;
    EXPECT_THAT(load.output, HasSubstr("per second"));
  }
}

TEST_F(RookeryToolTest, BenchGapFindsAPause) {
  Outcome gap;
  std::thread measure([&] { gap = Run("bench gap --seconds 4 --connections 2 --json"); });
  // Once the writers write, the server stands still for a second.
  while (Run("get /bench/gap1").exit_status != 0) continue;
  while (Run("stat /bench/gap1").output.find("dataVersion = 0\n") != std::string::npos) continue;
  ensemble_->Signal(0, SIGSTOP);
  std::this_thread::sleep_for(std::chrono::seconds(1));
  ensemble_->Signal(0, SIGCONT);
  measure.join();
  EXPECT_EQ(gap.exit_status, 0) << gap.output;
  const size_t at = gap.output.find("\"longest_gap_of_one_client_ms\":");
  ASSERT_NE(at, std::string::npos) << gap.output;
  EXPECT_GE(atof(gap.output.c_str() + at + 31), 900.0) << gap.output;
}

TEST_F(RookeryToolTest, NobodyThereIsSaidWithTheReason) {
  servers_ = absl::StrCat("127.0.0.1:", FreePort());
  const Outcome outcome = Run("--timeout-ms 300 get /");
  EXPECT_EQ(outcome.exit_status, 1);
  EXPECT_THAT(outcome.output, AllOf(HasSubstr("within 300 ms"), HasSubstr("refused")));
}

}  // namespace
}  // namespace rookery
