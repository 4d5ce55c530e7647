// Exactly once: tickets and incarnations.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/machine/machine_fixture.h"

namespace rookery::machine {
namespace {

using Kind = Outcome::Kind;
using testing::ElementsAre;

wire::LogEntry RunOf(uint64_t incarnation, uint64_t first_ticket, std::vector<std::string> creates,
                     model::ServerId server = MachineFixture::kServer) {
  wire::TicketRun run{.server = server, .incarnation = incarnation, .first_ticket = first_ticket};
  for (std::string& path : creates) run.requests.push_back({.operation = Create(std::move(path))});
  return {.body = wire::Batch{{std::move(run)}}};
}

std::vector<Kind> Kinds(const std::vector<Outcome>& outcomes) {
  std::vector<Kind> kinds;
  for (const Outcome& outcome : outcomes) kinds.push_back(outcome.kind);
  return kinds;
}

TEST(TicketTest, AppliesTheNextTicketOnly) {
  MachineFixture machine;
  machine.Begin();
  EXPECT_THAT(Kinds(machine.Apply(RunOf(1, 2, {"/early"}))), ElementsAre(Kind::kSkipped));
  EXPECT_THAT(Kinds(machine.Apply(RunOf(1, 1, {"/a", "/b"}))),
              ElementsAre(Kind::kRequest, Kind::kRequest));
  // A resent run overlaps with what was applied: request by request.
  const std::vector<Outcome> again = machine.Apply(RunOf(1, 2, {"/b", "/c"}));
  EXPECT_THAT(Kinds(again), ElementsAre(Kind::kSkipped, Kind::kRequest));
  EXPECT_EQ(again[1].origin.ticket, 3u);
  EXPECT_EQ(again[1].reply.zxid, 0x100000003) << "a skipped ticket took a zxid";
  EXPECT_EQ(machine.LastTicket(), 3u);
  EXPECT_EQ(machine->node_count(), 7u);
}

TEST(TicketTest, CountsEachServerAlone) {
  MachineFixture machine;
  machine.Begin();
  EXPECT_EQ(machine.Grant(2, 5), 1u);
  EXPECT_THAT(Kinds(machine.Apply(RunOf(1, 1, {"/a"}))), ElementsAre(Kind::kRequest));
  EXPECT_THAT(Kinds(machine.Apply(RunOf(1, 1, {"/b"}, 2))), ElementsAre(Kind::kRequest));
  EXPECT_THAT(Kinds(machine.Apply(RunOf(1, 1, {"/c"}, 3))), ElementsAre(Kind::kSkipped))
      << "a server without a grant was heard";
}

TEST(TicketTest, NewIncarnationSilencesTheOlderOne) {
  MachineFixture machine;
  machine.Begin();
  machine.Apply(RunOf(1, 1, {"/a"}));
  EXPECT_EQ(machine.Grant(1, 100), 2u);
  EXPECT_EQ(machine.Grant(1, 100), 2u) << "a repeated request for a grant was taken for a new one";
  // Also with the number that the new incarnation comes to next.
  EXPECT_THAT(Kinds(machine.Apply(RunOf(1, 1, {"/late", "/later"}))),
              ElementsAre(Kind::kSkipped, Kind::kSkipped));
  EXPECT_EQ(machine->LastTicket(1, 1), 0u);
  EXPECT_THAT(Kinds(machine.Apply(RunOf(2, 1, {"/b"}))), ElementsAre(Kind::kRequest));
  EXPECT_EQ(machine->LastTicket(1, 2), 1u);
}

TEST(TicketTest, RepeatedGrantKeepsTheTicketsAlreadyTaken) {
  MachineFixture machine;
  machine.Begin();
  machine.Apply(RunOf(1, 1, {"/a"}));
  EXPECT_EQ(machine.Grant(1, 99), 1u);
  EXPECT_EQ(machine->LastTicket(1, 1), 1u);
}

TEST(TicketTest, RowsOutliveTheProcess) {
  MachineFixture machine;
  machine.Begin();
  machine.Grant(2, 5);
  machine.Grant(2, 6);
  machine.Apply(RunOf(1, 1, {"/a", "/b"}));
  machine.Flush();
  machine.Restart();
  EXPECT_EQ(machine->LastTicket(1, 1), 2u);
  EXPECT_EQ(machine->Incarnation(2), 2u);
  EXPECT_EQ(machine.Grant(2, 6), 2u);
  EXPECT_THAT(Kinds(machine.Apply(RunOf(1, 2, {"/b"}))), ElementsAre(Kind::kSkipped));
}

}  // namespace
}  // namespace rookery::machine
