use super::*;
use ballot::credential::Secret;

fn further() -> Further {
    let secret = Secret::derive(&[3; 256], &[[4; 64]], &Hash([7; 64]));
    let keys = CardKeys::new(&secret, &Hash([7; 64]), &[Point::base()]);
    Further::new(keys.unwrap(), 0)
}

/// Whatever a registrar answers, a sitting ends: at once when the session is over, and after a few
/// refusals of any other kind.
#[test]
fn no_refusal_leads_to_asking_without_end() {
    for over in [Fault::SessionOver, Fault::CardStepAgain] {
        let mut sitting = further();
        assert_eq!(sitting.refused(over), Fault::CardStepAgain);
        assert_eq!(sitting.budget, 0);
    }
    for refusal in [
        Fault::RegistrarFailed,
        Fault::RevocationUnknown,
        Fault::Internal("registrar"),
    ] {
        let mut sitting = further();
        for _ in 0..BUDGET {
            assert_ne!(sitting.budget, 0);
            assert_eq!(sitting.refused(refusal.clone()), refusal);
        }
        assert_eq!(sitting.budget, 0, "{refusal}");
    }
    // Nobody answered: the sitting stays as long as the registrar keeps the session.
    let mut sitting = further();
    for _ in 0..100 {
        let fault = sitting.refused(Fault::RegistrarUnreachable);
        assert_eq!(fault, Fault::RegistrarUnreachable);
    }
    assert_eq!(sitting.budget, BUDGET);
}
