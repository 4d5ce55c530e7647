import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.recipes.locks.InterProcessMutex;
import org.apache.curator.retry.ExponentialBackoffRetry;

/** What locks_bench does, with Curator: CuratorLocks SERVERS CLIENTS ROUNDS. */
public final class CuratorLocks {
  private static final String PATH = "/locks-bench";

  private CuratorLocks() {}

  public static void main(String[] args) throws Exception {
    String servers = args[0];
    int count = Integer.parseInt(args[1]);
    int rounds = Integer.parseInt(args[2]);
    CuratorFramework[] clients = new CuratorFramework[count];
    for (int i = 0; i < count; ++i) {
      clients[i] = CuratorFrameworkFactory.newClient(servers, 30000, 30000, new ExponentialBackoffRetry(100, 5));
      clients[i].start();
    }
    for (CuratorFramework client : clients) client.blockUntilConnected();

    InterProcessMutex first = new InterProcessMutex(clients[0], PATH);
    first.acquire();
    AtomicInteger handovers = new AtomicInteger();
    AtomicInteger failed = new AtomicInteger();
    CountDownLatch over = new CountDownLatch(count - 1);
    long[] ended = new long[1];
    for (int i = 1; i < count; ++i) {
      InterProcessMutex mutex = new InterProcessMutex(clients[i], PATH);
      Thread thread = new Thread(null, () -> {
        try {
          for (int round = 0; round < rounds; ++round) {
            mutex.acquire();
            if (handovers.incrementAndGet() == (count - 1) * rounds) ended[0] = System.nanoTime();
            mutex.release();
          }
        } catch (Exception why) {
          System.err.println(why);
          failed.incrementAndGet();
        }
        over.countDown();
      }, "contender", 256 << 10);
      thread.start();
    }
    while (clients[0].getChildren().forPath(PATH).size() < count && failed.get() == 0) Thread.sleep(20);
    long begun = System.nanoTime();
    first.release();
    over.await();
    System.out.printf("{\"handovers\": %d, \"per_second\": %.1f}%n", handovers.get(),
        handovers.get() * 1e9 / (ended[0] - begun));
    System.exit(failed.get() == 0 ? 0 : 1);
  }
}
