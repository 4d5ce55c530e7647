"""Kafka's own command-line tools, as its scripts call them."""

import pathlib
import re
import subprocess

from artifacts import KAFKA, OLD_KAFKA, classpath

HERE = pathlib.Path(__file__).resolve().parent
TOOLS = "org.apache.kafka.tools."
TOPICS = TOOLS + "TopicCommand"
CONFIGS = "kafka.admin.ConfigCommand"
ACLS = "kafka.admin.AclCommand"
REASSIGN = TOOLS + "reassign.ReassignPartitionsCommand"
PERF = TOOLS + "ProducerPerformance"
TOKENS = TOOLS + "DelegationTokenCommand"
CONSUMER = TOOLS + "consumer.ConsoleConsumer"
VERIFIABLE_PRODUCER = TOOLS + "VerifiableProducer"
MIGRATOR = "kafka.admin.ZkSecurityMigrator"
STORAGE = "kafka.tools.StorageTool"
SHELL = "org.apache.zookeeper.ZooKeeperMainWithTlsSupportForKafka"
# Of the older line.
OLD_TOPICS = "kafka.admin.TopicCommand"
OLD_REASSIGN = "kafka.admin.ReassignPartitionsCommand"
OLD_CONFIGS = "kafka.admin.ConfigCommand"


def command(main_class, *words, version=KAFKA, jvm=()):
    return ["nice", "-n", "5", "java", "-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
            *jvm, f"-Dlog4j.configuration=file:{HERE}/log4j-tools.properties",
            "-cp", classpath(version), main_class, *map(str, words)]


def run(main_class, *words, version=KAFKA, jvm=(), check=True, text=None, timeout_s=120):
    """What it printed, both streams. AssertionError with it if the tool fails."""
    done = subprocess.run(command(main_class, *words, version=version, jvm=jvm), input=text or "",
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          timeout=timeout_s)
    if check and done.returncode != 0:
        raise AssertionError(f"{main_class} {' '.join(map(str, words))}: exit status "
                             f"{done.returncode}\n{done.stdout}")
    return done.stdout


def old(main_class, *words, **options):
    return run(main_class, *words, version=OLD_KAFKA, **options)


def produce(bootstrap, topic, records, *words, size=100, rate=-1, timeout_s=120):
    """Idempotent, acks=all. AssertionError unless all were sent without an error."""
    said = run(PERF, "--topic", topic, "--num-records", records, "--record-size", size,
               "--throughput", rate, *words, "--producer-props", f"bootstrap.servers={bootstrap}",
               "acks=all", "enable.idempotence=true", timeout_s=timeout_s)
    sent = re.findall(r"^(\d+) records sent", said, re.M)
    if not sent or int(sent[-1]) != records or "xception" in said:
        raise AssertionError(f"{records} records to {topic}: {said}")


def consume(bootstrap, topic, records, *words):
    """How many of `records` records came, from the beginning of the topic."""
    said = run(CONSUMER, "--bootstrap-server", bootstrap, "--topic", topic, "--from-beginning",
               "--max-messages", records, "--timeout-ms", 30000, *words)
    return int(re.search(r"Processed a total of (\d+) messages", said)[1])
