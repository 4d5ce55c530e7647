// What followers of the tree are told.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/unit/machine/machine_fixture.h"

namespace rookery::machine {
namespace {

using testing::ElementsAre;

// "5 /a nothing -> x", without the epoch.
class Listener final : public model::ChangeSink {
 public:
  bool Wants(absl::string_view path) const override { return !absl::StartsWith(path, "/other"); }
  void OnChange(model::Zxid zxid, model::NodeChange change) override {
    told.push_back(absl::StrCat(zxid & 0xffffffff, " ", change.path, " ", Text(change.before),
                                " -> ", Text(change.after)));
    last = std::move(change);
  }
  void OnState(model::Zxid zxid) override { told.push_back(absl::StrCat("state ", zxid)); }

  std::vector<std::string> told;
  model::NodeChange last;

 private:
  static std::string Text(const std::optional<model::NodeState>& node) {
    return node.has_value() ? node->data.value_or("null") : "nothing";
  }
};

TEST(ChangeSinkTest, IsToldNodesBeforeAndAfterEachRequest) {
  MachineFixture machine;
  Listener listener;
  machine->SetChangeSink(&listener);
  machine.Begin();
  machine.Apply(Create("/a", "x"));
  machine.Apply(SetData("/a", "y"));
  machine.Apply(Create("/a"));  // refused
  machine.Apply(Create("/other"));
  machine.Apply(Delete("/a"));
  EXPECT_THAT(listener.told, ElementsAre("1 /a nothing -> x", "2 /a x -> y", "5 /a y -> nothing"));
}

TEST(ChangeSinkTest, AMultiTellsItsNetEffectUnderOneZxid) {
  MachineFixture machine;
  Listener listener;
  machine->SetChangeSink(&listener);
  machine.Begin();
  machine.Apply(model::MultiRequest{
      {Create("/a", "x"), SetData("/a", "y"), Create("/b"), Delete("/b"), Create("/c", "z")}});
  EXPECT_THAT(listener.told, ElementsAre("1 /a nothing -> y", "1 /c nothing -> z"));
  machine.Apply(model::MultiRequest{{Delete("/a"), Create("/a", "new")}});
  EXPECT_THAT(listener.told.back(), "2 /a y -> new");
  EXPECT_NE(listener.last.before->czxid, listener.last.after->czxid);
}

TEST(ChangeSinkTest, ANewStateIsSaid) {
  MachineFixture machine;
  Listener listener;
  machine->SetChangeSink(&listener);
  ASSERT_TRUE(machine->Recover().ok());
  EXPECT_THAT(listener.told, ElementsAre("state 0"));
}

}  // namespace
}  // namespace rookery::machine
