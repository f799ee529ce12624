//! dump
#![allow(clippy::print_stdout)]
use domain::company::reader::CompanyReader;
use domain::company::{Posting,Postings,MatchKey,index};
use domain::matching::{Subject,Matching,feature_names};
use std::{error::Error, fs::File, io::{BufReader,Write}, collections::HashMap};
fn main()->Result<(),Box<dyn Error>>{
 let a:Vec<String>=std::env::args().collect();
 let mut index:HashMap<MatchKey,Postings>=HashMap::new();
 index::build_part(0,1,CompanyReader::open(BufReader::new(File::open(&a[1])?))?.companies(),|k,p|{index.insert(k,p);Ok::<(),domain::company::reader::FileError>(())})?;
 let truth:HashMap<String,String>=csv::Reader::from_path(&a[3])?.deserialize().collect::<Result<_,_>>()?;
 let mut out=std::io::BufWriter::new(File::create(&a[4])?);
 writeln!(out,"record,company,truth,{}",feature_names().join(","))?;
  let mut r=csv::Reader::from_path(&a[2])?; let h=r.headers()?.clone();
  for row in r.records(){let row=row?; let g=|n:&str|h.iter().position(|x|x==n).and_then(|i|row.get(i)).filter(|v|!v.is_empty());
   let s=Subject{name:g("name"),street:g("street"),zip:g("zip"),city:g("city"),country:g("country"),website:g("website"),phone:g("phone"),email:g("email"),vat_id:g("vat_id"),register:g("register"),lei:g("lei")};
   let p=s.profile(); let c:Vec<&Posting>=p.keys().iter().filter_map(|k|index.get(k)).flat_map(Postings::companies).collect();
   let id=g("id").unwrap_or("");
   let t=truth.get(id).map_or("",|x|x.as_str());
   for x in Matching::default().samples(&p,&c){
     let v:Vec<String>=x.values.iter().map(|v|v.to_string()).collect();
     writeln!(out,"{id},{},{t},{}",x.company,v.join(","))?;
   }
   writeln!(out,"{id},,{t},{}",vec!["0";feature_names().len()].join(","))?;
  }
 Ok(())
}
