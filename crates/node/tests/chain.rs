//! Real validators: one process, four processes, a stepped clock.
#![allow(
    missing_docs,
    clippy::tests_outside_test_module,
    reason = "integration tests"
)]

#[path = "support/cluster.rs"]
#[allow(
    dead_code,
    clippy::allow_attributes,
    reason = "shared by several test programs"
)]
mod cluster;

use cluster::Cluster;
use std::time::Duration;

fn opaque(n: u32) -> Vec<u8> {
    let mut e = vec![7u8; 3000];
    e[..4].copy_from_slice(&n.to_le_bytes());
    e
}

#[tokio::test(flavor = "multi_thread")]
async fn real_single_validator_keeps_what_it_promised() {
    let mut cluster = Cluster::new(1, "");
    cluster.start().await;
    for n in 0..20 {
        let (status, _) = cluster.nodes[0].post(&opaque(n)).await.unwrap();
        assert_eq!(status, 202);
    }
    let t = std::time::Instant::now();
    let receipt = cluster.nodes[0].receipt(&opaque(19), 30).await.unwrap();
    println!("receipt after {:?}, {} bytes", t.elapsed(), receipt.len());
    let (_, seen) = cluster.nodes[0].post(&opaque(100)).await.unwrap();
    cluster.nodes[0].kill();
    cluster.start().await;
    assert_eq!(
        cluster.nodes[0].receipt(&opaque(19), 30).await.unwrap(),
        receipt
    );
    let _ = seen;
    assert!(cluster.nodes[0].receipt(&opaque(100), 30).await.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn real_four_validators_agree() {
    let mut cluster = Cluster::new(4, "");
    cluster.start().await;
    let t = std::time::Instant::now();
    for n in 0..40 {
        let (status, _) = cluster.nodes[(n % 4) as usize]
            .post(&opaque(n))
            .await
            .unwrap();
        assert_eq!(status, 202);
    }
    for n in 0..40 {
        assert!(
            cluster.nodes[((n + 1) % 4) as usize]
                .receipt(&opaque(n), 30)
                .await
                .is_some()
        );
    }
    println!("40 entries everywhere after {:?}", t.elapsed());
    tokio::time::sleep(Duration::from_secs(15)).await;
    for node in &cluster.nodes {
        println!("{:?}", node.status().await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn real_stepped_clock_does_not_stop_the_chain() {
    let mut cluster = Cluster::new(4, "[clock]\ndemo = true\nfile = \"CLOCK\"");
    cluster.start().await;
    let day = 86_400_000u64;
    for step in 1..4u32 {
        for n in 0..10 {
            let (status, _) = cluster.nodes[(n % 4) as usize]
                .post(&opaque(step * 100 + n))
                .await
                .unwrap();
            assert_eq!(status, 202);
        }
        let before = cluster.nodes[0].status().await.unwrap();
        let target = before.now_ms + day * u64::from(step);
        host::clock::DemoClock::step_to(&cluster.clock_file(), target).unwrap();
        let t = std::time::Instant::now();
        for n in 0..10 {
            assert!(
                cluster.nodes[1]
                    .receipt(&opaque(step * 100 + n), 30)
                    .await
                    .is_some()
            );
        }
        loop {
            let s = cluster.nodes[2].status().await.unwrap();
            if s.block_time_ms >= target {
                break;
            }
            assert!(t.elapsed() < Duration::from_secs(10));
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        println!("after step {step}: {:?}", t.elapsed());
    }
}
