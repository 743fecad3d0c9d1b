//! Wiring of the consensus engine. Everything that names its parts is in this file, `block.rs`
//! and `app.rs`.

use crate::app::{App, Final, Finals, MakeBlocks};
use crate::block::EngineBlock;
use crate::config::{Limits, Network};
use crate::gossip::{self, Ears};
use crate::ledger::Ledger;
use crate::pool::Pool;
use crate::promise::Speaker;
use crate::rules::{self, Committee};
use crate::scheme::{RefusedVotes, SignVotes, StrictScheme};
use bytes::Bytes;
use commonware_broadcast::buffered;
use commonware_codec::{Codec, Encode as _};
use commonware_consensus::{
    marshal::{
        self, Identifier, Start,
        core::{Actor as Marshal, Mailbox},
        resolver::p2p as marshal_resolver,
        standard::{Inline, Standard},
    },
    simplex::{
        self,
        config::{Floor, ForwardPolicy, SkipPolicy},
        elector::RoundRobin,
    },
    types::{Epoch, FixedEpocher, Height, ViewDelta},
};
use commonware_cryptography::{
    ChaCha20Poly1305, Digested, Digestible as _, Sha256, Signer as _,
    certificate::{ConstantProvider, Verifier as _},
    ed25519,
    sha256::Digest,
};
use commonware_p2p::{Address, AddressableManager as _, authenticated::lookup, max_message_size};
use commonware_parallel::Sequential;
use commonware_runtime::{
    Clock, Handle, Metrics, Quota, Spawner, Storage, Supervisor as _, buffer::paged::CacheRef,
    tokio::Context,
};
use commonware_storage::archive::immutable;
use commonware_stream::{
    cups::{self, Cups},
    sake::{self, Sake},
};
use commonware_utils::{
    Acknowledgement as _, NZDuration, NZU32, NZU64, NZUsize,
    ordered::{Map, Set},
};
use host::WallClock;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// A lost connection is tried again after this time.
const RECONNECT: Duration = Duration::from_secs(5);
/// Blocks applied together when there are many.
const BATCH: usize = 64;

type MarshalMailbox = Mailbox<StrictScheme, Standard<EngineBlock>>;

/// Reads the durable chain.
#[derive(Clone)]
pub struct Chain {
    marshal: MarshalMailbox,
    /// Certificates to hand out instead of stored ones that the board refuses. A node of an
    /// earlier version may have kept such ones. Read once at the start; later ones passed the
    /// scheme.
    mended: Arc<BTreeMap<u64, Option<Vec<u8>>>>,
}

impl Chain {
    /// The final block at this height.
    pub async fn block(&self, height: u64) -> Option<EngineBlock> {
        let found = self
            .marshal
            .get_block(Identifier::Height(Height::new(height)))
            .await?;
        Some(found.inner().clone())
    }
    /// Bytes of the finality certificate of exactly this height, if there is one the board takes.
    pub async fn certificate(&self, height: u64) -> Option<Vec<u8>> {
        match self.mended.get(&height) {
            Some(mended) => mended.clone(),
            None => self.stored(height).await,
        }
    }
    async fn stored(&self, height: u64) -> Option<Vec<u8>> {
        let height = Height::new(height);
        Some(
            self.marshal
                .get_finalization(height)
                .await?
                .encode()
                .to_vec(),
        )
    }
    /// Looks through the certificates up to this height for such that the board refuses.
    async fn mend(&mut self, committee: &Committee, height: u64) {
        let mut mended = BTreeMap::new();
        for height in 1..=height {
            let Some(bytes) = self.stored(height).await else {
                continue;
            };
            let good = rules::good_certificate(committee, &bytes);
            if good.as_ref() != Some(&bytes) {
                tracing::warn!(height, usable = good.is_some(), "stored certificate mended");
                mended.insert(height, good);
            }
        }
        self.mended = Arc::new(mended);
    }
}

/// What the engine needs.
pub struct Parts {
    /// The network.
    pub network: Network,
    /// This validator's engine key, for its connections.
    pub key: ed25519::PrivateKey,
    /// Signs its votes.
    pub votes: Arc<dyn SignVotes>,
    /// Votes of others that the board's rule refused.
    pub refused: Arc<RefusedVotes>,
    /// Where the other validators are answered.
    pub listen: SocketAddr,
    /// Whether peers may have private addresses.
    pub private_addresses: bool,
    /// Limits.
    pub limits: Limits,
    /// The clock.
    pub clock: WallClock,
    /// States and tip.
    pub ledger: Arc<Ledger>,
    /// Waiting entries.
    pub pool: Arc<Pool>,
    /// Entries and promises to send to the other validators.
    pub outbox: mpsc::Receiver<Bytes>,
    /// Gives this node's promises.
    pub speaker: Arc<Speaker>,
    /// Puts its blocks together.
    pub blocks: Arc<dyn MakeBlocks>,
}

/// How long things may take.
struct Timing {
    patience: Duration,
    leader: Duration,
    certification: Duration,
}

impl Timing {
    fn new(validators: usize) -> Self {
        let s = Duration::from_secs;
        if validators == 1 {
            // A process that dies between its own vote and the block on disk gives that view up when
            // it has started again, after `certification`: voters wait as long for a receipt.
            return Self {
                patience: s(2),
                leader: s(3),
                certification: s(4),
            };
        }
        // A leader that has nothing to say passes its turn before the others lose patience.
        Self {
            patience: Duration::from_millis(700),
            leader: s(1),
            certification: s(3),
        }
    }
}

struct Net {
    votes: Channel,
    certificates: Channel,
    resolver: Channel,
    backfill: Channel,
    blocks: Channel,
    entries: Channel,
    oracle: lookup::Oracle<ed25519::PublicKey>,
}

type Channel = (
    lookup::Sender<ed25519::PublicKey, Context>,
    lookup::Receiver<ed25519::PublicKey>,
);

fn connect(context: &Context, parts: &Parts) -> Net {
    let n = u32::try_from(parts.network.validators.len()).unwrap_or(u32::MAX);
    let longest = max_message_size(&[
        simplex::max_payload_size::<StrictScheme, Digest>(n),
        marshal::max_payload_size::<Standard<EngineBlock>, StrictScheme>(n, &()),
        gossip::MAX_BATCH_BYTES + rules::MAX_ENTRY,
    ]);
    let handshake = Cups::<_, ChaCha20Poly1305>::new(
        Sake {
            signer: parts.key.clone(),
            synchrony_bound: Duration::from_secs(5),
            max_handshake_age: Duration::from_secs(10),
            version: sake::Version::V1,
        },
        cups::Version::V1,
    );
    let namespace = parts.network.rules.namespace();
    let (peers, mailbox) = (NZUsize!(128), NZUsize!(4096));
    let mut config = if parts.private_addresses {
        lookup::Config::local(handshake, &namespace, parts.listen, peers, longest, mailbox)
    } else {
        lookup::Config::recommended(handshake, &namespace, parts.listen, peers, longest, mailbox)
    };
    // A restarted validator must be back with the others well within half a minute.
    config.peer_connection_cooldown = config.peer_connection_cooldown.min(RECONNECT);
    let (mut network, mut oracle) = lookup::Network::new(context.child("network"), config);
    let peers: Map<_, Address> = Map::from_iter_dedup(
        parts
            .network
            .validators
            .values()
            .map(|v| (v.engine.clone(), Address::from(v.p2p))),
    );
    let _ = oracle.track(0, peers);
    let quota = Quota::per_second(NZU32!(512));
    let net = Net {
        votes: network.register(0, quota),
        certificates: network.register(1, quota),
        resolver: network.register(2, quota),
        backfill: network.register(3, quota),
        blocks: network.register(4, quota),
        entries: network.register(5, quota),
        oracle,
    };
    network.start();
    net
}

async fn archive<E, V>(
    context: E,
    name: &str,
    cache: CacheRef,
    codec_config: V::Cfg,
) -> immutable::Archive<E, Digest, V>
where
    E: Storage + Clock + Metrics + Spawner,
    V: Codec + Send + Sync,
{
    let part = |s: &str| format!("chain-{name}-{s}");
    // Sections and sizes are part of the files: they never change for a board that runs.
    let config = immutable::Config {
        metadata_partition: part("metadata"),
        freezer_table_partition: part("freezer-table"),
        freezer_table_initial_size: 1 << 14,
        freezer_table_resize_frequency: 4,
        freezer_table_resize_chunk_size: 1 << 12,
        freezer_key_partition: part("freezer-key"),
        freezer_key_page_cache: cache,
        freezer_value_partition: part("freezer-value"),
        freezer_value_target_size: 256 << 20,
        freezer_value_compression: None,
        ordinal_partition: part("ordinal"),
        items_per_section: NZU64!(4096),
        codec_config,
        replay_buffer: NZUsize!(1 << 20),
        freezer_key_write_buffer: NZUsize!(1 << 18),
        freezer_value_write_buffer: NZUsize!(1 << 20),
        ordinal_write_buffer: NZUsize!(1 << 18),
    };
    immutable::Archive::init(context, config)
        .await
        .expect("the chain's files cannot be opened")
}

/// What the parts of the engine share.
struct Common {
    scheme: StrictScheme,
    cache: CacheRef,
    genesis: EngineBlock,
    me: ed25519::PublicKey,
    oracle: lookup::Oracle<ed25519::PublicKey>,
}

/// Starts the engine. The handle ends only when the engine does.
///
/// # Panics
/// When the files of the chain cannot be opened or do not hold what the engine wrote: the process
/// must end then.
pub async fn start(context: &Context, parts: Parts) -> (Chain, Handle<()>) {
    let net = connect(context, &parts);
    let timing = Timing::new(parts.network.validators.len());
    let committee: Set<ed25519::PublicKey> =
        Set::from_iter_dedup(parts.network.validators.values().map(|v| v.engine.clone()));
    let namespace = parts.network.rules.namespace();
    let common = Common {
        scheme: StrictScheme::new(&namespace, committee, parts.votes, parts.refused)
            .expect("the key file was compared with the network file"),
        cache: CacheRef::new(
            commonware_runtime::buffer::paged::page_size(4096),
            NZUsize!(2048),
        ),
        genesis: EngineBlock::new(rules::genesis_block(&parts.network.rules)),
        me: parts.key.public_key(),
        oracle: net.oracle,
    };
    let (ledger, pool) = (Arc::clone(&parts.ledger), Arc::clone(&parts.pool));
    let send = gossip::send_loop(parts.outbox, Arc::clone(&pool), net.entries.0);
    let ears = Ears {
        ledger: Arc::clone(&ledger),
        pool: Arc::clone(&pool),
        clock: parts.clock.clone(),
        speaker: parts.speaker,
    };
    let receive = gossip::receive_loop(net.entries.1, ears.clone());
    let vouch = gossip::vouch_loop(ears);
    // Tasks of the engine's runtime: when one of them panics, the process ends.
    context.child("gossip_send").spawn(move |_| send);
    context.child("gossip_receive").spawn(move |_| receive);
    context.child("gossip_vouch").spawn(move |_| vouch);
    let begun = Instant::now();
    let (mailbox, queue, restored) =
        start_marshal(context, &common, net.backfill, net.blocks).await;
    let mut chain = Chain {
        marshal: mailbox.clone(),
        mended: Arc::default(),
    };
    let opened = begun.elapsed();
    chain
        .mend(&Committee::from(&parts.network.rules), restored)
        .await;
    replay(&chain, &ledger, restored).await;
    tracing::info!(height = restored, ?opened, restored = ?begun.elapsed(), "chain restored");
    let follow = follow(queue, Arc::clone(&ledger), Arc::clone(&pool));
    context.child("follow").spawn(move |_| follow);
    let app = App {
        ledger,
        pool,
        clock: parts.clock,
        patience: timing.patience,
        block_entries: parts.limits.block_entries,
        blocks: parts.blocks,
    };
    let inline = Inline::new(context.child("app"), app, mailbox, epochs());
    let channels = (net.votes, net.certificates, net.resolver);
    (
        chain,
        start_simplex(context, common, inline, &timing, channels),
    )
}

/// One epoch for ever: the validators of a board do not change yet.
fn epochs() -> FixedEpocher {
    FixedEpocher::new(NZU64!(u64::MAX))
}

/// Durable storage and delivery of final blocks.
async fn start_marshal(
    context: &Context,
    common: &Common,
    backfill: Channel,
    blocks_channel: Channel,
) -> (MarshalMailbox, mpsc::UnboundedReceiver<Final>, u64) {
    let resolver_config = marshal_resolver::Config {
        public_key: common.me.clone(),
        peer_provider: common.oracle.clone(),
        blocker: common.oracle.clone(),
        mailbox_size: NZUsize!(1024),
        fetch_timeout: NZDuration!(Duration::from_secs(2)),
        fetch_retry_delay: Duration::from_millis(100),
        priority_requests: false,
        priority_responses: false,
    };
    let resolver =
        marshal_resolver::init(context.child("marshal_resolver"), resolver_config, backfill);
    let broadcast_config = buffered::Config {
        public_key: common.me.clone(),
        mailbox_size: NZUsize!(1024),
        deque_size: 16,
        priority: true,
        codec_config: (),
        peer_provider: common.oracle.clone(),
        strategy: Sequential,
    };
    let (broadcast, buffer) = buffered::Engine::new(context.child("broadcast"), broadcast_config);
    broadcast.start(blocks_channel);
    let certificates = archive(
        context.child("finalizations"),
        "finalizations",
        common.cache.clone(),
        StrictScheme::certificate_codec_config_unbounded(),
    )
    .await;
    let blocks = archive(context.child("blocks"), "blocks", common.cache.clone(), ()).await;
    let genesis_digest = common.genesis.digest();
    let config = marshal::Config {
        provider: ConstantProvider::new(common.scheme.clone()),
        epocher: epochs(),
        start: Start::Genesis(Digested::precomputed(
            common.genesis.clone(),
            genesis_digest,
        )),
        partition_prefix: "marshal".into(),
        mailbox_size: NZUsize!(1024),
        view_retention: ViewDelta::new(256),
        prunable_items_per_section: NZU64!(1024),
        page_cache: common.cache.clone(),
        replay_buffer: NZUsize!(1 << 20),
        key_write_buffer: NZUsize!(1 << 18),
        value_write_buffer: NZUsize!(1 << 20),
        block_codec_config: (),
        max_repair: NZUsize!(32),
        max_pending_acks: NZUsize!(32),
        strategy: Sequential,
    };
    let (marshal, mailbox, floor) = Marshal::<_, Standard<EngineBlock>, _, _, _, _, _>::init(
        context.child("marshal"),
        certificates,
        blocks,
        config,
    )
    .await;
    let restored = floor.processed().map_or(0, |p| p.height().get());
    let (finals, queue) = mpsc::unbounded_channel::<Final>();
    marshal.start(Finals(finals), buffer, resolver);
    (mailbox, queue, restored)
}

type Voting = Inline<Context, StrictScheme, App, EngineBlock, FixedEpocher>;

/// The consensus protocol itself.
fn start_simplex(
    context: &Context,
    common: Common,
    inline: Voting,
    timing: &Timing,
    (votes, certificates, resolver): (Channel, Channel, Channel),
) -> Handle<()> {
    let config = simplex::Config {
        scheme: common.scheme,
        elector: RoundRobin::<Sha256>::default(),
        blocker: common.oracle,
        automaton: inline.clone(),
        relay: inline.clone(),
        reporter: inline,
        strategy: Sequential,
        partition: "simplex".into(),
        mailbox_size: NZUsize!(1024),
        epoch: Epoch::zero(),
        floor: Floor::Genesis(common.genesis.digest()),
        replay_buffer: NZUsize!(1 << 20),
        write_buffer: NZUsize!(1 << 20),
        page_cache: common.cache,
        leader_timeout: timing.leader,
        certification_timeout: timing.certification,
        timeout_retry: Duration::from_secs(2),
        view_retention: ViewDelta::new(256),
        skip: SkipPolicy::Enabled {
            timeout: timing.certification + Duration::from_secs(2),
            // Passing an idle turn is a skip: there are about fourteen between two idle blocks.
            budget: simplex::SkipBudget::Fixed(NZU64!(256)),
        },
        fetch_timeout: NZDuration!(Duration::from_secs(2)),
        fetch_retry_delay: Duration::from_millis(200),
        forward: ForwardPolicy::SilentVoters,
        track_historical_votes: false,
    };
    let engine = simplex::Engine::new(context.child("simplex"), config);
    engine.start(votes, certificates, resolver)
}

/// Applies the chain on disk again after a start. The clock plays no part.
async fn replay(chain: &Chain, ledger: &Arc<Ledger>, height: u64) {
    let heights: Vec<u64> = (1..=height).collect();
    for some in heights.chunks(BATCH) {
        let mut blocks = Vec::with_capacity(some.len());
        for h in some {
            let block = chain.block(*h).await;
            blocks.push(block.expect("a block the engine has delivered is on disk"));
        }
        ledger.warm(blocks.clone()).await;
        for block in &blocks {
            ledger
                .finalised(block)
                .await
                .expect("the chain on disk obeys the rules");
        }
    }
}

/// Applies final blocks as they come.
async fn follow(mut queue: mpsc::UnboundedReceiver<Final>, ledger: Arc<Ledger>, pool: Arc<Pool>) {
    let mut some = Vec::with_capacity(BATCH);
    while queue.recv_many(&mut some, BATCH).await > 0 {
        if some.len() > 1 {
            ledger
                .warm(some.iter().map(|(b, _)| b.clone()).collect())
                .await;
        }
        for (block, ack) in some.drain(..) {
            ledger
                .finalised(&block)
                .await
                .expect("final blocks obey the rules");
            let tip = ledger.tip();
            pool.settle(block.hashes(), &tip.state, tip.header.time_ms);
            ack.acknowledge();
        }
    }
}
