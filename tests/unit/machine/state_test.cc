// What is read back at start, and what is refused.
#include "coordinator/machine/state.h"

#include <gtest/gtest.h>

#include "coordinator/base/varint.h"
#include "tests/unit/machine/machine_fixture.h"

namespace rookery::machine {
namespace {

TEST(StateTest, ReadsBackWhatWasSaved) {
  MachineFixture machine;
  machine.Begin();
  machine.Apply(Create("/a", "x"));
  machine.Apply({.body = wire::SetMemberRow{"row"}});
  machine.Apply({.body = wire::Preload{{"/p"}}});
  machine->BeginConfiguration(machine->applied_index() + 1, 1, "second", "");
  EXPECT_TRUE(machine.Finish().empty());
  machine.Flush();
  const uint64_t digest = machine->digest();
  const uint64_t index = machine->applied_index();
  machine.Restart();
  EXPECT_EQ(machine->digest(), digest);
  EXPECT_EQ(machine->applied_index(), index);
  EXPECT_EQ(machine->last_zxid(), 0x100000002);
  EXPECT_EQ(machine->node_count(), 6u);
  EXPECT_EQ(machine->data_bytes(), 44u + 3 + 2);
  EXPECT_EQ(machine->configuration(), "second");
  EXPECT_EQ(machine->members(), "founders+row+second/");
  EXPECT_TRUE(machine->preloaded());
  EXPECT_EQ(machine->level(), 1u);
}

TEST(StateTest, WhatWasNotFlushedIsReplayed) {
  MachineFixture machine;
  machine.Begin();
  machine.Flush();
  const uint64_t index = machine->applied_index();
  machine.Apply(Create("/a"));
  machine.Restart();
  EXPECT_EQ(machine->applied_index(), index);
  EXPECT_EQ(machine.Apply(Create("/a")).reply.error, model::ErrorCode::kOk);
}

TEST(StateTest, UnflushedFoundingIsFoundedAgain) {
  MachineFixture machine;
  const uint64_t digest = machine->digest();
  machine.Begin();
  machine.Restart();
  EXPECT_EQ(machine->digest(), digest);
  EXPECT_EQ(machine->applied_index(), 1u);
}

TEST(StateTest, RefusesALevelThatItDoesNotKnow) {
  MachineFixture machine;
  std::string value;
  PutVarint(kLevelKnown + 1, &value);
  machine.store().PutRow("m", value);
  machine.store().Flush([](absl::Status) {});
  machine.Load({.nodes = {"/"}});
  const absl::Status status = machine->Recover();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_NE(status.message().find("level 2"), absl::string_view::npos);
}

TEST(StateTest, RefusesBytesThatAreNoState) {
  MachineFixture machine;
  machine.store().PutRow("m", "\x01short");
  machine.store().Flush([](absl::Status) {});
  machine.Load({.nodes = {"/"}});
  EXPECT_EQ(machine->Recover().code(), absl::StatusCode::kDataLoss);
}

TEST(StateTest, ATreeWhoseStateRowIsLostIsNotFoundedAnew) {
  MachineFixture machine;
  machine.Begin();
  machine.OpenSession();
  machine.Flush();
  machine.store().EraseRow("m");
  machine.store().Flush([](absl::Status) {});
  machine.Load({.nodes = {"/"}});
  EXPECT_EQ(machine->Recover().code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace rookery::machine
