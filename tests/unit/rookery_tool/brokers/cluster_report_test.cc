#include "tools/rookery/brokers/cluster_report.h"

#include <gtest/gtest.h>

namespace rookery::tools::brokers {
namespace {

ClusterReport TwoBrokers() {
  ClusterReport report{.cluster_id = "id", .controller = 2, .controller_epoch = 5};
  report.brokers.push_back(
      {1, 77, {.timestamp_ms = 1000, .endpoints = {"PLAINTEXT://h:1", "SSL://h:2"}, .rack = "a"}});
  report.brokers.push_back({2, 80, {.timestamp_ms = 2000, .endpoints = {"PLAINTEXT://h:3"}}});
  return report;
}

TEST(ClusterReportTest, ShowsBrokersAndTheController) {
  EXPECT_EQ(ToText(TwoBrokers()),
            "Cluster: id\nController: 2\nController epoch: 5\n\n"
            "BROKER  ENDPOINTS                  RACK  BROKER EPOCH  REGISTERED            ROLE\n"
            "1       PLAINTEXT://h:1,SSL://h:2  a     77            1970-01-01T00:00:01Z  broker\n"
            "2       PLAINTEXT://h:3            -     80            1970-01-01T00:00:02Z  "
            "controller\n");
}

TEST(ClusterReportTest, AnEmptyClusterHasNoController) {
  const boost::json::object json = ToJson({});
  EXPECT_EQ(boost::json::serialize(json),
            R"({"cluster_id":null,"controller":null,"controller_epoch":null,"brokers":[]})");
}

}  // namespace
}  // namespace rookery::tools::brokers
